/**
 * Jest calls this before the first medium test: it starts the servers that the environment names no address for,
 * and puts the addresses into the environment of the tests (`PARLEY_TEST_*_URL`, read by libs/testing).
 */
import { existsSync } from 'node:fs';

interface Servers {
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const entry = new URL('../stack/servers/index.ts', import.meta.url);

export default async function serversUp(): Promise<void> {
  if (!existsSync(entry)) return;
  const { startServers } = (await import(entry.href)) as {
    startServers: (options: { home: string; wanted: readonly string[] }) => Promise<Servers>;
  };
  const home = new URL('../../.parley/test', import.meta.url).pathname;
  const servers = await startServers({ home, wanted: ['postgres', 'redis', 'rabbitmq', 'consul'] });
  Object.assign(process.env, servers.addresses);
  Object.assign(globalThis, { parleyTestServers: servers });
}
