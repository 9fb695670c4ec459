import { randomBytes, randomUUID } from 'node:crypto';
import { call } from './platform.js';

async function expected(status: number, path: string, options: Parameters<typeof call>[2]) {
  const answer = await call('POST', path, options);
  if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.json();
}

/** The key of a tenant of its own, with every permission. */
export async function secondTenant(): Promise<string> {
  const person = { email: `${randomUUID()}@example.com`, password: randomBytes(12).toString('base64url') };
  await expected(201, '/v1/auth/register', { body: { ...person, tenant_name: 'Another' } });
  const { access_token } = await expected(200, '/v1/auth/login', { body: person });
  const body = { name: 'Another', requests_per_minute: 100_000 };
  return String((await expected(201, '/v1/api-keys', { key: String(access_token), body }))['key']);
}
