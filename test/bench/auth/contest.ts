import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startPlatform, type Platform } from '../../../tools/stack/platform.ts';
import { databaseOf, query } from '../../database.ts';
import { startTogether, type Stoppable } from '../contest.ts';
import { longTokens } from '../key.ts';
import type { Contender } from '../rounds.ts';
import { report } from '../tell.ts';
import { startWorker } from '../worker.ts';
import { comparedSoFar, type Compared } from './compared.ts';
import { exchangesOf, type Exchange } from './exchanges.ts';
import { failure, login, newUsers, type Failure, type Login } from './logins.ts';

export type TokenCheck = 'jsonwebtoken' | 'parley, token new' | 'parley, token seen';

export interface Contest extends Stoppable {
  readonly tokens: readonly Contender<TokenCheck>[];
  readonly exchanges: readonly Contender<Exchange>[];
  readonly logins: readonly Contender<Login>[];
  readonly failures: readonly Contender<Failure>[];
  /** Passwords that the service has compared since it started. */
  readonly compared: () => Promise<Compared>;
}

/** Out of the way of one client that logs in as fast as it can; they are counted all the same. */
const limits = {
  LOGIN_ATTEMPTS_PER_MINUTE: '100000',
  WRONG_PASSWORDS_OF_ACCOUNT: '100000',
  WRONG_PASSWORDS_OF_ADDRESS: '100000',
};

const checker = fileURLToPath(new URL('token-checker.ts', import.meta.url));
const argon2 = fileURLToPath(new URL('argon2.ts', import.meta.url));

/** The platform as `npm start` runs it, and beside it the processes that check tokens and do the bare work. */
export const startContest = (): Promise<Contest> =>
  startTogether(async (keep) => {
    const platform = keep(await startPlatform({ env: { ...longTokens, ...limits }, report }));
    const worker = async (script: string, arg: string, env: Record<string, string>) =>
      keep(await startWorker(script, { args: [arg], env })).run;
    const redis = { REDIS_URL: platform.env['PARLEY_REDIS_URL'] ?? '' };
    const { adminPassword: password } = platform;
    const bare = { BARE_HASH: await ownersHash(platform), BARE_PASSWORD: password };
    const users = await newUsers(platform);
    const nobodies = users.map((email) => `not-${email}`);
    const auth = platform.service('auth').url;
    return {
      tokens: [
        { name: 'jsonwebtoken', run: await worker(checker, 'jsonwebtoken', redis) },
        { name: 'parley, token new', run: await worker(checker, 'new', redis) },
        { name: 'parley, token seen', run: await worker(checker, 'seen', redis) },
      ],
      exchanges: await exchangesOf(platform),
      logins: [
        { name: 'bare argon2', run: await worker(argon2, String(availableParallelism()), bare) },
        login('parley', auth, users, password),
        login('parley through the edge', platform.url, users, password),
      ],
      failures: [failure('with an account', auth, users), failure('without an account', auth, nobodies)],
      compared: () => comparedSoFar(auth),
    };
  });

async function ownersHash(platform: Platform): Promise<string> {
  const sql = 'select password_hash as hash from users where email = $1';
  const [owner] = await query<{ hash: string }>(databaseOf(platform.env, 'auth'), sql, [platform.adminEmail]);
  if (!owner) throw new Error('the platform has no owner');
  return owner.hash;
}
