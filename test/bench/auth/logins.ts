import { load, type Load } from '../load.ts';
import type { Contender } from '../rounds.ts';
import { connections } from './connections.ts';

export type Login = 'bare argon2' | 'parley' | 'parley through the edge';
export type Failure = 'with an account' | 'without an account';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export const login = (name: Login, url: string, credentials: Credentials): Contender<Login> => ({
  name,
  run: (seconds) => load({ ...loginAt(url, credentials), expect: '"access_token":"', connections, seconds }),
});

/** One at a time, so that what is measured is the work and no queue. */
export const failure = (name: Failure, url: string, email: string): Contender<Failure> => ({
  name,
  run: (seconds) =>
    load({
      ...loginAt(url, { email, password: 'not the password' }),
      status: 401,
      expect: '"code":"login.failed"',
      connections: 1,
      seconds,
    }),
});

const loginAt = (url: string, credentials: Credentials): Pick<Load, 'url' | 'body'> => ({
  url: `${url}/v1/auth/login`,
  body: JSON.stringify(credentials),
});
