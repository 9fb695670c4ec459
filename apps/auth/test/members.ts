import { randomBytes, randomUUID } from 'node:crypto';
import type { User } from '@parley/contracts';
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
export async function newMember(auth: RunningAuth, token: string, role: string): Promise<Member> {
  const person = newPerson();
  const { body } = await auth.call<User>('POST', '/v1/users', { token, body: { ...person, role } });
  return { ...person, id: body.id, token: (await login(auth, person)).access_token };
}
