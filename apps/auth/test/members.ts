import { randomBytes, randomUUID } from 'node:crypto';
import type { Permission, User } from '@parley/contracts';
import { login, type RunningAuth } from './auth-under-test.js';

/** A user whom the tests can log in as. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

export const newPerson = (domain = 'acme.example') => ({
  email: `${randomUUID()}@${domain}`,
  password: randomBytes(12).toString('base64url'),
});

/** Made by `POST /v1/users` as the caller, and logged in. */
export async function newMember(
  auth: RunningAuth,
  token: string,
  role: string,
  permissions: readonly Permission[] = [],
): Promise<Member> {
  const person = newPerson();
  const { body } = await auth.call<User>('POST', '/v1/users', { token, body: { ...person, role, permissions } });
  return { ...person, id: body.id, token: (await login(auth, person)).access_token };
}

/** Made by `POST /v1/auth/register`, with its owner; where registration is open. */
export async function newTenant(auth: RunningAuth): Promise<Member> {
  const person = newPerson('globex.example');
  await auth.call('POST', '/v1/auth/register', { body: { ...person, tenant_name: 'Globex' } });
  const token = (await login(auth, person)).access_token;
  const { body } = await auth.call('GET', '/v1/auth/me', { token });
  return { ...person, id: String(body['id']), token };
}
