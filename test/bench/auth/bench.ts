import { hold } from '../contest.ts';
import { inRounds } from '../rounds.ts';
import { startContest, type Contest } from './contest.ts';
import { print } from './print.ts';
import { summarise } from './report.ts';

/**
 * What identity costs: a token checked, beside jsonwebtoken alone; a key exchanged at the edge; a login, beside argon2
 * alone; a login that fails, with and without an account. Interleaved; the median of three rounds counts.
 */
export const authBench = (options: { json: boolean }): Promise<void> =>
  hold({ start: startContest, measure, print }, options);

async function measure({ tokens, exchanges, logins, failures, compared }: Contest) {
  const measured = {
    tokens: await inRounds(tokens, { seconds: 1.5, warmUpSeconds: 1.5, job: 'tokens, ' }),
    exchanges: await inRounds(exchanges, { seconds: 2, warmUpSeconds: 2, job: 'exchanges, ' }),
    logins: await inRounds(logins, { seconds: 4, warmUpSeconds: 2, job: 'logins, ' }),
  };
  const before = await compared();
  const failed = await inRounds(failures, { seconds: 3, warmUpSeconds: 1, job: 'failed logins, ' });
  const { account, nobody } = await compared();
  return summarise({
    ...measured,
    failures: failed,
    compared: { account: account - before.account, nobody: nobody - before.nobody },
  });
}
