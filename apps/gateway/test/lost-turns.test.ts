/** Real: the gateway over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: auth, sessions, the provider. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  envelope,
  eventsExchange,
  noTokens,
  turnInterrupted,
  turnRecordId,
  usageRecorded,
  type LostUsage,
  type TurnUsage,
  type UsageRecord,
} from '@parley/contracts';
import { eventually, testService, type TestService } from '@parley/testing';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { v7 as timeOrderedId } from 'uuid';
import { answeredBy, completionOf, startGateway } from './answering-gateway.js';
import { json, startStub, type StubService } from './edge/stub-service.js';

const model = 'openai/gpt-5.5';
const tenant = randomUUID();
const session = randomUUID();

let provider: StubService;
let sessions: StubService;
let gateway: TestService;
let broker: ChannelModel;
let channel: ConfirmChannel;
/** What the gateways have told of usage. */
let told: UsageRecord[];

beforeAll(async () => {
  [provider, sessions] = await Promise.all([startStub(json(200, completionOf('gpt-5.5'))), startStub(json(200, {}))]);
  const { AMQP_URL: _, ...env } = answeredBy(provider);
  gateway = await testService({ start: startGateway, env, neighbours: { sessions: sessions.url } });
  broker = await connect(gateway.amqp.url);
  channel = await broker.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, eventsExchange, usageRecorded.type);
  const hear = (message: { content: Buffer } | null) => {
    if (message)
      told.push(...usageRecorded.data.parse(envelope.parse(JSON.parse(message.content.toString())).data).records);
  };
  await channel.consume(queue, hear, { noAck: true });
}, 60_000);

afterAll(async () => {
  await broker.close();
  await gateway.stop();
  await Promise.all([provider.stop(), sessions.stop()]);
}, 30_000);

beforeEach(() => {
  told = [];
});

const lost = (more: Partial<LostUsage> = {}): LostUsage => ({
  ...{ request_id: 'req-1', subject: randomUUID(), api_key_id: randomUUID(), dialect: 'anthropic', streamed: true },
  input_tokens: 400,
  ...more,
});
const counted: TurnUsage = {
  ...{ provider: 'openai', asked: 'gpt-5.5', provider_model: 'gpt-5.5-2026', attempts: 2 },
  tokens: { ...noTokens, input: 1_000_000, output: 10 },
};

interface Interruption {
  readonly turn_id: string;
  readonly usage?: LostUsage;
  readonly model?: string;
  readonly reason?: string;
}

/** What sessions tells of a turn; `id` is the event's. */
async function tell({ turn_id, ...more }: Interruption, id = randomUUID()): Promise<void> {
  const message = {
    ...{ specversion: '1.0', id, type: turnInterrupted.type, source: '/parley/sessions' },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: tenant },
    data: {
      ...{ session_id: session, project_id: null, turn_id, model, duration_ms: 2_500 },
      ...{ message_id: null, reason: 'lease_expired', ...more },
    },
  };
  channel.publish(eventsExchange, message.type, Buffer.from(JSON.stringify(message)), { messageId: id });
  await channel.waitForConfirms();
}

const recordsOf = async (turnId: string) => {
  const rows = await gateway.database.query<{ record: UsageRecord }>(
    'select record from usage_records where id = $1 and tenant_id = $2',
    [turnRecordId(turnId), tenant],
  );
  return rows.map(({ record }) => record);
};

/** Resolves when an event that was told later has had its effect. */
async function handled(): Promise<void> {
  const turn_id = timeOrderedId();
  await tell({ turn_id, usage: lost() });
  await eventually(() => expect(told.map(({ id }) => id)).toContain(turnRecordId(turn_id)));
  told = told.filter(({ id }) => id !== turnRecordId(turn_id));
}

describe('a turn whose gateway was lost', () => {
  it('has one record, of what had been counted, priced and marked as estimated, and one event', async () => {
    const turn_id = timeOrderedId();
    const usage = lost({ counted });
    const event = randomUUID();
    await tell({ turn_id, usage }, event);
    await tell({ turn_id, usage }, event);
    await tell({ turn_id, usage });
    await handled();
    await eventually(async () => expect(await recordsOf(turn_id)).toHaveLength(1));

    const { input_tokens: _, counted: __, ...asked } = usage;
    const [record] = await recordsOf(turn_id);
    expect(record).toMatchObject({
      ...asked,
      ...{ provider: 'openai', model, provider_model: 'gpt-5.5-2026', attempts: 2, tokens: counted.tokens },
      ...{
        outcome: 'interrupted',
        failure: 'turn.interrupted',
        estimated: true,
        duration_ms: 2_500,
        session_id: session,
      },
      price_version: expect.stringMatching(/^openai:/),
    });
    expect(Number(record?.cost_usd)).toBeGreaterThan(0);
    await eventually(() => expect(told).toEqual([record]));
  });

  it('was asked of whoever would have been asked, for its question alone, where nothing had been counted', async () => {
    const turn_id = timeOrderedId();
    await tell({ turn_id, usage: lost() });
    await eventually(async () =>
      expect(await recordsOf(turn_id)).toMatchObject([
        { provider: 'openai', provider_model: 'gpt-5.5', tokens: { ...noTokens, input: 400 }, estimated: true },
      ]),
    );
  });

  it('was cancelled where somebody had asked it to stop', async () => {
    const turn_id = timeOrderedId();
    await tell({ turn_id, usage: lost(), reason: 'cancelled' });
    await eventually(async () => expect(await recordsOf(turn_id)).toMatchObject([{ outcome: 'cancelled' }]));
  });

  it('has no record of its own where it was the circle’s, whose experts’ calls have theirs', async () => {
    const turn_id = timeOrderedId();
    await tell({ turn_id, usage: lost(), model: 'circle' });
    await handled();
    expect(await recordsOf(turn_id)).toEqual([]);
  });
});

it('a turn that its gateway has interrupted is left to that gateway’s own record', async () => {
  const turn_id = timeOrderedId();
  await tell({ turn_id });
  await handled();
  expect(await recordsOf(turn_id)).toEqual([]);
});

it('a gateway that outlives its lease adds no second record, and keeps nobody’s from being written', async () => {
  const turnId = Promise.withResolvers<string>();
  const answer = Promise.withResolvers<undefined>();
  sessions.answer = (req, res) => {
    const body: Buffer[] = [];
    req
      .on('data', (part: Buffer) => body.push(part))
      .on('end', () => {
        if (!req.url?.endsWith('/turns')) {
          json(200, {})(req, res);
          return;
        }
        turnId.resolve((JSON.parse(Buffer.concat(body).toString()) as { turn_id: string }).turn_id);
        const context = [{ role: 'user', content: [{ type: 'text', text: 'Are you there?' }] }];
        json(200, { lease: `${tenant}.secret`, model, context, project_id: null, lease_ms: 15_000 })(req, res);
      });
  };
  provider.answer = (req, res) => void answer.promise.then(() => json(200, completionOf('gpt-5.5'))(req, res));
  const asked = gateway.call('POST', '/v1/chat/completions', {
    token: gateway.token({ tenant_id: tenant, permissions: ['completions:create'] }),
    headers: { 'x-parley-session': session },
    body: { model, messages: [{ role: 'user', content: 'Are you there?' }] },
  });
  const turn_id = await turnId.promise;
  await tell({ turn_id, usage: lost() });
  await eventually(async () => expect(await recordsOf(turn_id)).toHaveLength(1));
  answer.resolve(undefined);
  expect((await asked).status).toBe(200);
  expect(await recordsOf(turn_id)).toMatchObject([{ outcome: 'interrupted', estimated: true }]);
});
