import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { request } from 'undici';

/** One call by each client that is instrumented, as our libraries make them. */
export async function callEverything(
  urls: Record<'http' | 'postgres' | 'redis' | 'amqp', string>,
  headers: Record<string, string>,
): Promise<void> {
  const { body } = await request(urls.http, { headers });
  await body.dump();

  const postgres = new Client({ connectionString: urls.postgres });
  await postgres.connect();
  await postgres.query('select 1');
  await postgres.end();

  const redis = new Redis(urls.redis);
  await redis.ping();
  await redis.quit();

  const amqp = await connect(urls.amqp);
  const channel = await amqp.createConfirmChannel();
  channel.publish('amq.topic', 'kit.test', Buffer.from('{}'));
  await channel.waitForConfirms();
  await amqp.close();
}
