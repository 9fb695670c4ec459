import { testAmqp, type TestAmqp } from './amqp.js';
import { testDatabase, type TestDatabase } from './database.js';
import { testRedis, type TestRedis } from './redis.js';

/** A database, a Redis database and a virtual host of one test file, and the variables that lead a service there. */
export interface ServiceServers {
  readonly env: Readonly<Record<string, string>>;
  readonly database: TestDatabase;
  readonly redis: TestRedis;
  readonly amqp: TestAmqp;
  close(): Promise<void>;
}

/** Without Consul, which all files share: services of the same name would find each other there. */
export async function serviceServers(): Promise<ServiceServers> {
  const [database, redis, amqp] = await Promise.all([testDatabase(), testRedis(), testAmqp()]);
  const env = {
    PORT: '0',
    LOG_LEVEL: 'silent',
    PARLEY_DRAIN_ANNOUNCE_MS: '0',
    DATABASE_URL: database.appUrl,
    DATABASE_SYSTEM_URL: database.systemUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    REDIS_URL: redis.url,
    AMQP_URL: amqp.url,
  };
  const close = async (): Promise<void> => {
    await Promise.all([database.drop(), redis.close(), amqp.drop()]);
  };
  return { env, database, redis, amqp, close };
}
