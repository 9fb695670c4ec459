import { randomUUID } from 'node:crypto';
import { eventsExchange, type Envelope, type TokenCounts, type UsageRecord, type UsageReport } from '@parley/contracts';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { eventually, testAmqp, testAuth, testDatabase, testRedis } from '@parley/testing';
import { connect } from 'amqplib';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';

/** The real service on real PostgreSQL, Redis and RabbitMQ; only the auth service is played. */
export interface RunningAnalytics {
  readonly database: Awaited<ReturnType<typeof testDatabase>>;
  readonly amqp: Awaited<ReturnType<typeof testAmqp>>;
  report(tenantId: string, query?: string): Promise<UsageReport>;
  get(path: string, claims?: Readonly<Record<string, unknown>>): Promise<Response>;
  /** Publishes as the gateway does; the same `eventId` is the same event. */
  publish(tenantId: string, records: readonly UsageRecord[], eventId?: string): Promise<void>;
  /** Publishes a whole message as it stands. */
  send(message: Envelope): Promise<void>;
  stop(): Promise<void>;
}

export async function startAnalytics(): Promise<RunningAnalytics> {
  const [database, redis, amqp, auth] = await Promise.all([testDatabase(), testRedis(), testAmqp(), testAuth()]);
  const config = parseConfig(schema, {
    PORT: '0',
    LOG_LEVEL: 'silent',
    PARLEY_DRAIN_ANNOUNCE_MS: '0',
    DATABASE_URL: database.appUrl,
    DATABASE_SYSTEM_URL: database.systemUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    REDIS_URL: redis.url,
    AMQP_URL: amqp.url,
    PARLEY_ADDRESSES: `auth=${auth.url}`,
  });
  const running = await startService({
    service,
    module: AppModule.forRoot(config),
    config,
    onApplication: connectEvents,
  });
  // Here nobody publishes through an outbox, whose relay makes the queue before the first event.
  await eventually(async () => {
    if (!(await amqp.control('list_consumers')).includes('parley.analytics')) throw new Error('nobody listens yet');
  });
  const broker = await connect(amqp.url);
  const channel = await broker.createConfirmChannel();
  const get: RunningAnalytics['get'] = (path, claims) =>
    fetch(running.url + path, { headers: { authorization: `Bearer ${auth.token(claims)}` } });
  const send: RunningAnalytics['send'] = async (message) => {
    const { id: messageId, type } = message;
    channel.publish(eventsExchange, type, Buffer.from(JSON.stringify(message)), { messageId, persistent: true });
    await channel.waitForConfirms();
  };
  return {
    database,
    amqp,
    get,
    report: async (tenant_id, query = '') => {
      const answer = await get(`/v1/analytics/usage${query}`, { tenant_id, permissions: ['usage:read'] });
      return (await answer.json()) as UsageReport;
    },
    send,
    publish: (tenantid, records, id = randomUUID()) =>
      send({
        specversion: '1.0',
        id,
        type: 'gateway.usage.recorded.v1',
        source: '/parley/gateway',
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        tenantid,
        data: { records },
      }),
    stop: async () => {
      await broker.close();
      await running.stop();
      await Promise.all([database.drop(), redis.close(), amqp.drop(), auth.close()]);
    },
  };
}

export const tokens: TokenCounts = { input: 1, output: 2, cache_read: 3, cache_write: 4, reasoning: 5 };

export const newRecord = (changes: Partial<UsageRecord> = {}): UsageRecord => ({
  id: randomUUID(),
  occurred_at: '2026-03-01T12:00:00.000Z',
  request_id: 'request',
  subject: randomUUID(),
  api_key_id: null,
  dialect: 'openai',
  provider: 'anthropic',
  model: 'a-model',
  provider_model: 'a-model',
  streamed: false,
  outcome: 'completed',
  tokens,
  estimated: false,
  duration_ms: 5,
  ...changes,
});
