import type { Platform } from '../../../tools/stack/platform.ts';
import { ask } from '../key.ts';
import { load, type Load } from '../load.ts';
import type { Contender } from '../rounds.ts';
import { connections } from './connections.ts';

export type Login = 'bare argon2' | 'parley' | 'parley through the edge';
export type Failure = 'with an account' | 'without an account';

/** More than log in at a time, so that nobody waits for their own other login. */
const userCount = 64;

/** Users of the platform's tenant, all with its owner's password; by address. */
export async function newUsers({ url, apiKey, adminPassword: password }: Platform): Promise<string[]> {
  const emails = Array.from({ length: userCount }, (_, i) => `user-${i}@example.com`);
  for (const email of emails) await ask(`${url}/v1/users`, apiKey, { email, password, role: 'developer' });
  return emails;
}

export const login = (name: Login, url: string, emails: readonly string[], password: string): Contender<Login> => ({
  name,
  run: (seconds) => load({ ...logins(url, emails, password), expect: '"access_token":"', connections, seconds }),
});

/** One at a time, so that what is measured is the work and no queue. */
export const failure = (name: Failure, url: string, emails: readonly string[]): Contender<Failure> => ({
  name,
  run: (seconds) =>
    load({
      ...logins(url, emails, 'not the password'),
      status: 401,
      expect: '"code":"login.failed"',
      connections: 1,
      seconds,
    }),
});

const logins = (url: string, emails: readonly string[], password: string): Pick<Load, 'url' | 'turns'> => ({
  url: `${url}/v1/auth/login`,
  turns: emails.map((email) => ({ body: JSON.stringify({ email, password }) })),
});
