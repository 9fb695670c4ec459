import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freeServerPorts } from '../ports.ts';
import { startServers, type Servers } from '../servers/index.ts';
import { newHome } from './places.ts';

// Real: PostgreSQL, Redis.
const place = newHome();
let servers: Servers;
beforeAll(async () => {
  servers = await startServers({ home: place.home, wanted: ['postgres', 'redis'], environment: {} });
}, 60_000);
afterAll(async () => {
  await servers.stop();
  place.remove();
});

async function ask(sql: string, url = servers.postgres?.url): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

it('runs PostgreSQL with every commit on disk before it is confirmed', async () => {
  expect(await ask('show fsync')).toBe('on');
  expect(await ask('show synchronous_commit')).toBe('on');
  expect(await ask('show full_page_writes')).toBe('on');
});

it('lets nobody into PostgreSQL without the password', async () => {
  const url = new URL(servers.postgres?.url ?? '');
  url.password = 'guess';

  await expect(ask('select 1', url.href)).rejects.toThrow('password authentication failed');
});

it('keeps the secrets readable for their owner alone', () => {
  expect(statSync(join(place.home, 'secrets.json')).mode & 0o777).toBe(0o600);
});

it('keeps what was committed through a SIGKILL of PostgreSQL, on the same port', async () => {
  await ask('create table kept as select 42 as answer');

  await servers.postgres?.kill9();
  await expect(ask('select 1')).rejects.toThrow('ECONNREFUSED');
  await servers.postgres?.start();

  expect(await ask('select answer from kept')).toBe(42);
});

it('keeps Redis data through a stop, on the same port', async () => {
  const client = new Redis(servers.redis?.url ?? '', { retryStrategy: () => 20 });
  await client.set('key', 'value');

  await servers.redis?.stop();
  await servers.redis?.start();

  expect(await client.get('key')).toBe('value');
  client.disconnect();
});

it('uses the server that an address in the environment names, and does not stop it', async () => {
  const other = newHome();
  const environment = { PARLEY_TEST_REDIS_URL: servers.redis?.url };
  const borrowed = await startServers({ home: other.home, wanted: ['redis'], environment });

  expect(borrowed.env).toEqual({ PARLEY_TEST_REDIS_URL: servers.redis?.url });
  await expect(borrowed.redis?.stop()).rejects.toThrow('the stack does not stop it');
  await borrowed.stop();

  expect(servers.redis?.state).toBe('ready');
  other.remove();
});

describe('a port that is taken', () => {
  let taken: TcpServer;
  beforeAll(async () => {
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
  });
  afterAll(() => {
    taken.close();
  });

  it('is named, with what to do, and nothing is left running', async () => {
    const other = newHome();
    const { port } = taken.address() as AddressInfo;
    const ports = { ...(await freeServerPorts()), redis: port };

    const starting = startServers({ home: other.home, ports, wanted: ['postgres', 'redis'], environment: {} });

    await expect(starting).rejects.toThrow(
      `Port ${port}, which Redis needs, is taken: stop what listens there, or choose other ports`,
    );
    await expect(ask('select 1', `postgres://127.0.0.1:${ports.postgres}/postgres`)).rejects.toThrow('ECONNREFUSED');
    other.remove();
  });
});
