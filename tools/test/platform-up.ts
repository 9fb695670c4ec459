/**
 * Jest calls this before the first end-to-end test: it brings up the whole platform on free ports, and puts
 * what `npm run stack -- env` would print into the environment of the tests.
 */
import { startPlatform } from '../stack/platform.ts';
import { removeTemporaryHome, temporaryHome } from '../stack/servers/temporary-home.ts';
import { endOnSignals } from './signals.ts';

export default async function platformUp(): Promise<void> {
  endOnSignals();
  const home = await temporaryHome();
  // A provider that hangs is given up soon enough for a test.
  const env = { PROVIDER_FIRST_BYTE_TIMEOUT_MS: '2000', PROVIDER_IDLE_TIMEOUT_MS: '2000' };
  const platform = await startPlatform({ home, env });
  const stop = async (): Promise<void> => {
    await platform.stop();
    removeTemporaryHome(home);
  };
  Object.assign(process.env, platform.env);
  Object.assign(globalThis, { parleyPlatform: { stop } });
}
