/**
 * Jest calls this before the first end-to-end test: it brings up the whole platform on free ports, puts what
 * `npm run stack -- env` prints into the environment of the tests, and obeys the other commands with this PARLEY_HOME.
 */
import { silent } from '../stack/report.ts';
import { removeTemporaryHome, temporaryHome } from '../stack/servers/temporary-home.ts';
import { supervise } from '../stack/supervisor.ts';
import { childrenRecorded } from './children-recorded.ts';
import { endOnSignals } from './signals.ts';

export default async function platformUp(): Promise<void> {
  endOnSignals();
  const home = await temporaryHome();
  // A provider that hangs, or sends a byte a second, is given up soon enough for a test; an answer of 1 MB has time.
  const env = {
    PROVIDER_FIRST_BYTE_TIMEOUT_MS: '4000',
    PROVIDER_IDLE_TIMEOUT_MS: '2000',
    PROVIDER_DEADLINE_MS: '12000',
    ...childrenRecorded(),
  };
  const stack = await supervise(home, silent, { env });
  const stop = async (): Promise<void> => {
    await stack.stop();
    removeTemporaryHome(home);
  };
  Object.assign(process.env, stack.platform.env, { PARLEY_HOME: home });
  Object.assign(globalThis, { parleyPlatform: { stop } });
}
