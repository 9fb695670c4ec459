import { Redis } from 'ioredis';
import { fromTestServers } from './servers.js';

/** An empty Redis database. */
export interface TestRedis {
  readonly url: string;
  /** A connection for looking at what the code under test has stored. */
  readonly client: Redis;
  close(): Promise<void>;
}

/** Redis has 16 databases by default; a jest worker runs one file at a time, so each worker has one. */
const databases = 16;

/** The worker's database, emptied. Pub/sub channels are not separated by it. */
export async function testRedis(): Promise<TestRedis> {
  const url = new URL(fromTestServers('REDIS_URL'));
  url.pathname = `/${Number(process.env['JEST_WORKER_ID'] ?? 0) % databases}`;
  const client = new Redis(url.href);
  await client.flushdb();
  return { url: url.href, client, close: () => client.quit().then(() => undefined) };
}
