import { hash } from 'node:crypto';
import { exchange, login, newOwner, newServers, startAuth, type Servers, type Tokens } from '../auth-under-test.js';

/** One instance with one owner, and the calls that tests of logins make. Real: everything behind it. */
export async function authWithOwner(env: Readonly<Record<string, string>> = {}) {
  const servers = await newServers();
  const owner = newOwner();
  const auth = await startAuth({ ...servers.env, ...owner.env, ...env });
  return {
    servers,
    auth,
    owner,
    login: () => login(auth, owner),
    keyToken: () => exchange(auth, owner.apiKey),
    tryLogin: (password: string, email = owner.email, headers: Readonly<Record<string, string>> = {}) =>
      auth.call<Tokens>('POST', '/v1/auth/login', { body: { email, password }, headers }),
    refresh: (refresh_token: string) => auth.call<Tokens>('POST', '/v1/auth/refresh', { body: { refresh_token } }),
    me: (token: string) => auth.call('GET', '/v1/auth/me', { token }),
    stop: async () => {
      await auth.stop();
      await servers.close();
    },
  };
}
export type AuthWithOwner = Awaited<ReturnType<typeof authWithOwner>>;

/** As if the token had been replaced so many seconds earlier. */
export async function replacedEarlier({ database }: Servers, refreshToken: string, seconds: number): Promise<void> {
  const rows = await database.query(
    `update refresh_tokens set replaced_at = replaced_at - make_interval(secs => $2) where token_hash = $1 returning 1`,
    [hash('sha256', refreshToken), seconds],
  );
  if (rows.length !== 1) throw new Error('There is no such refresh token');
}
