/**
 * Jest calls this before the first medium test: it starts the servers that the environment names no address for,
 * each with a free port and a folder that goes with it, and puts the addresses into the environment of the tests
 * (`PARLEY_TEST_*`, read by libs/testing).
 */
import { startServers } from '../stack/servers/index.ts';
import { endOnSignals } from './signals.ts';

export default async function serversUp(): Promise<void> {
  endOnSignals();
  const servers = await startServers();
  Object.assign(process.env, servers.env);
  Object.assign(globalThis, { parleyTestServers: servers });
}
