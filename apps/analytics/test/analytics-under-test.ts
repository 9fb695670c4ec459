import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  envelope,
  eventsExchange,
  usageRecorded,
  type Envelope,
  type EventContract,
  type EventOf,
  type TokenCounts,
  type UsageRecord,
  type UsageReport,
} from '@parley/contracts';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { eventually, testService, type TestService } from '@parley/testing';
import { connect } from 'amqplib';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';
import { LedgerRetention } from '../src/retention/ledger-retention.js';

/** The real service on real PostgreSQL, Redis and RabbitMQ; only the auth service is played. */
export interface RunningAnalytics extends TestService {
  readonly retention: LedgerRetention;
  /** The report of usage, or another one by its name. */
  report<T = UsageReport>(tenantId: string, query?: string, name?: 'usage' | 'tools' | 'sessions'): Promise<T>;
  /** Publishes as the gateway does; the same `eventId` is the same event. */
  publish(tenantId: string, records: readonly UsageRecord[], eventId?: string): Promise<void>;
  /** Publishes as the service would that the type names. */
  tell<C extends EventContract>(contract: C, tenantId: string, data: EventOf<C>['data'], as?: Told): Promise<void>;
  /** Publishes a whole message as it stands. */
  send(message: Envelope): Promise<void>;
}

interface Told {
  readonly id?: string;
  readonly time?: string;
}

export async function startAnalytics(): Promise<RunningAnalytics> {
  let retention: LedgerRetention | undefined;
  const running = await testService({
    start: (env) => {
      const config = parseConfig(schema, env);
      return startService({
        service,
        module: AppModule.forRoot(config),
        config,
        onApplication: (app) => {
          retention = app.get(LedgerRetention, { strict: false });
          return connectEvents(app);
        },
      });
    },
  });
  const { amqp, call } = running;
  // Here nobody publishes through an outbox, whose relay makes the queue before the first event.
  await eventually(async () => {
    if (!(await amqp.control('list_consumers')).includes('parley.analytics')) throw new Error('nobody listens yet');
  });
  const broker = await connect(amqp.url);
  const channel = await broker.createConfirmChannel();
  const send: RunningAnalytics['send'] = async (message) => {
    const { id: messageId, type } = message;
    channel.publish(eventsExchange, type, Buffer.from(JSON.stringify(message)), { messageId, persistent: true });
    await channel.waitForConfirms();
  };
  if (retention === undefined) throw new Error('the service started without its retention');
  const tell: RunningAnalytics['tell'] = (contract, tenantid, data, { id = randomUUID(), time = now() } = {}) =>
    send({
      specversion: '1.0',
      id,
      type: contract.type,
      source: `/parley/${contract.type.split('.', 1).join()}`,
      time,
      datacontenttype: 'application/json',
      tenantid,
      data,
    });
  return {
    ...running,
    retention,
    report: async <T>(tenant_id: string, query = '', name = 'usage') => {
      const reader = running.token({ tenant_id, permissions: ['usage:read'] });
      return (await call<T>('GET', `/v1/analytics/${name}${query}`, { token: reader })).body;
    },
    tell,
    send,
    publish: (tenantId, records, id = randomUUID()) => tell(usageRecorded, tenantId, { records: [...records] }, { id }),
    stop: async () => {
      await broker.close();
      await running.stop();
    },
  };
}

const now = () => new Date().toISOString();

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

const golden = new URL('../../../libs/contracts/golden/events/', import.meta.url);

/** A message as it was published once, here for a tenant of its own. */
export const goldenMessage = (type: string, tenantid: string): Envelope => ({
  ...envelope.parse(JSON.parse(readFileSync(new URL(`${type}.json`, golden), 'utf8'))),
  tenantid,
});
