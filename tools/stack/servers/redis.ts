import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { demandFree } from '../ports.ts';
import { installPackage } from './apt.ts';
import { findProgram } from './programs.ts';
import { plainEnv, type OwnServer, type ServerContext } from './server.ts';

const title = 'Redis';

/** Redis with a password, on loopback, saving to the home once a minute and at its end. */
export function redis({ home, ports, secrets, report }: ServerContext): OwnServer {
  const port = ports.redis;
  const password = secrets.get('redis');
  const folder = join(home, 'redis');
  const url = `redis://:${password}@127.0.0.1:${port}`;

  async function programs() {
    if (!findProgram(['redis-server'])) await installPackage('redis-server', 'redis', report);
    await demandFree(port, title);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const config = join(folder, 'redis.conf');
    writeFileSync(config, settings(port, folder, password), { mode: 0o600 });
    const command = findProgram(['redis-server']) ?? 'redis-server';
    return [{ name: 'redis', command, args: [config], env: plainEnv() }];
  }

  return {
    url,
    unit: {
      name: 'redis',
      title,
      detail: `port ${port}`,
      programs,
      probe: () => probeRedis(url),
      readyWithinMs: 20_000,
    },
  };
}

const settings = (port: number, folder: string, password: string) => `bind 127.0.0.1
port ${port}
dir "${folder}"
requirepass ${password}
save 60 1
maxmemory 256mb
maxmemory-policy volatile-lru
`;

/** Rejects until Redis answers a command, which it does not while it loads its data. */
export async function probeRedis(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
