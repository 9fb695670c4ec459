/** Real: two instances of the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: auth, and an outside subscriber. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { envelope, events, eventsExchange, type Envelope } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { connect, type ChannelModel } from 'amqplib';
import {
  broken,
  newPlatform,
  part,
  problem,
  text,
  user,
  whole,
  type Caller,
  type Instance,
  type Platform,
} from './sessions-under-test.js';

let platform: Platform;
let instances: Instance[];
let caller: Caller;
let broker: ChannelModel;
const received: Envelope[] = [];

beforeAll(async () => {
  platform = await newPlatform();
  instances = [await platform.start(), await platform.start()];
  caller = (instances[0] as Instance).caller();
  broker = await connect(platform.amqp.url);
  const channel = await broker.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, eventsExchange, 'sessions.#');
  const take = (message: { content: Buffer } | null) => {
    if (message) received.push(envelope.parse(JSON.parse(message.content.toString())));
  };
  await channel.consume(queue, take, { noAck: true });
}, 60_000);

afterAll(async () => {
  await broker.close();
  await platform.stop();
});

interface Told extends Record<string, unknown> {
  readonly type: string;
}

/** Types and data of what was told of a session, as its contract reads it, in order. */
const told = (sessionId: string) =>
  received.flatMap(({ type, tenantid, data }) => {
    expect(tenantid).toBe(caller.tenantId);
    const parsed = events.find((event) => event.type === type)?.data.parse(data) as Record<string, unknown>;
    const entries = (parsed['messages'] ?? [parsed]) as Record<string, unknown>[];
    return entries.filter((entry) => entry['session_id'] === sessionId).map((entry): Told => ({ ...entry, type }));
  });

/** Waits until so much was told of a session. */
const untilTold = (sessionId: string, count: number) =>
  eventually(() => {
    expect(told(sessionId)).toHaveLength(count);
    return told(sessionId);
  });

it('the life of a session is told: made, added to, asked, answered, deleted', async () => {
  const project = await caller.ok<{ id: string }>('POST', '/v1/projects', { name: 'A project' });
  const { id } = await caller.newSession({ model: 'a-model', project_id: project.id });
  await caller.append(id, 'Hello');
  const turnId = await caller.ask(id, [user('How far?')]);
  const messages = await caller.messages(id);
  await caller.ok('DELETE', `/v1/sessions/${id}`);

  const all = await untilTold(id, 7);

  const added = (index: number) => ({ type: 'sessions.message.appended.v1', id: messages[index]?.id });
  const ofProject = { session_id: id, project_id: project.id };
  expect(all.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))).toMatchObject([
    { type: 'sessions.session.created.v1', ...ofProject },
    { ...added(0), turn_id: null, role: 'user' },
    { ...added(1), turn_id: turnId, role: 'user' },
    { ...added(2), turn_id: turnId, role: 'assistant' },
    {
      type: 'sessions.turn.started.v1',
      ...ofProject,
      turn_id: turnId,
      model: 'a-model',
      started_by: expect.any(String),
    },
    {
      ...{ type: 'sessions.turn.completed.v1', ...ofProject, turn_id: turnId, model: 'a-model' },
      ...{ message_id: messages[2]?.id, tokens: { input: 3, output: 2 } },
    },
    { type: 'sessions.session.deleted.v1', ...ofProject },
  ]);
});
const order = [
  'sessions.session.created.v1',
  'sessions.message.appended.v1',
  'sessions.turn.started.v1',
  'sessions.turn.completed.v1',
  'sessions.session.deleted.v1',
];

const endsIn = (all: readonly Told[]) =>
  all.filter(({ type }) => ['sessions.turn.completed.v1', 'sessions.turn.interrupted.v1'].includes(type));

describe('an interruption is told once', () => {
  it.each([['failed'], ['cancelled']] as const)('as %s, with the part that is stored', async (reason) => {
    const { id, turnId, lease } = await caller.openNew();
    for (let i = 0; i < 2; i++) await caller.turn(turnId, 'interrupt', broken(lease, [text('Fa')], reason));
    const [, answer] = await caller.messages(id);
    await caller.append(id, 'The last event of this session');

    expect(endsIn(await untilTold(id, 6))).toMatchObject([{ turn_id: turnId, reason, message_id: answer?.id }]);
  });

  it('where two instances look for turns whose lease ran out', async () => {
    const turns = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { id, turnId, lease } = await caller.openNew();
        await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
        return { id, turnId };
      }),
    );
    await platform.database.query(`update turns set lease_until = now() - interval '1 s' where status = 'open'`);

    for (const { id, turnId } of turns) {
      await eventually(() => caller.append(id, 'The last event of this session'));
      expect(endsIn(await untilTold(id, 6))).toMatchObject([{ turn_id: turnId, reason: 'lease_expired' }]);
    }
  });

  it('or a gateway that was late says so at the same time', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await platform.expire(turnId);
    const answers = await Promise.all(
      ['complete', 'interrupt', 'checkpoint'].map((step) =>
        caller.turn(turnId, step as 'complete', {
          ...(step === 'complete'
            ? whole(lease)
            : step === 'interrupt'
              ? broken(lease, [text('Fa')])
              : part(lease, [])),
        }),
      ),
    );
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    await eventually(() => caller.append(id, 'The last event of this session'));
    await eventually(() =>
      expect(told(id).some((one) => one['role'] === 'user' && one['turn_id'] === null)).toBe(true),
    );
    expect(endsIn(told(id))).toHaveLength(1);
  });
});

describe('what a turn had used is told', () => {
  const asked = { dialect: 'openai', streamed: true, input_tokens: 400 };
  const counted = {
    ...{ provider: 'a-provider', asked: 'a-model', provider_model: 'a-model-2026', attempts: 2 },
    tokens: { input: 390, output: 3, cache_read: 0, cache_write: 0, reasoning: 0 },
  };
  const openAsked = async () => {
    const { id } = await caller.newSession();
    const turnId = randomUUID();
    const { body } = await caller.tryOpen(id, [user('?')], turnId, { asked });
    return { id, turnId, lease: body.lease };
  };
  const untilEnded = (id: string) =>
    eventually(() => {
      const [end] = endsIn(told(id));
      expect(end).toBeDefined();
      return end;
    });

  it('of a gateway that was lost: how it was asked, and what its last checkpoint counted', async () => {
    const { id, turnId, lease } = await openAsked();
    await caller.turn(turnId, 'checkpoint', { ...part(lease, [text('Fa')]), usage: counted });
    await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
    await platform.expire(turnId);
    const usage = { request_id: 'request', subject: expect.any(String), api_key_id: null, ...asked, counted };
    expect(await untilEnded(id)).toMatchObject({ reason: 'lease_expired', usage });
  });

  it('also before it had counted anything, and when somebody had stopped the turn', async () => {
    const { id, turnId } = await openAsked();
    await caller.ok('POST', `/v1/sessions/${id}/stop`);
    await platform.expire(turnId);
    const end = await untilEnded(id);
    expect(end).toMatchObject({ reason: 'cancelled', usage: asked });
    expect(end?.['usage']).not.toHaveProperty('counted');
  });

  it('of no other: a gateway that ends its turn keeps the record itself', async () => {
    const { id, turnId, lease } = await openAsked();
    await caller.turn(turnId, 'checkpoint', { ...part(lease, [text('Fa')]), usage: counted });
    await caller.turn(turnId, 'interrupt', broken(lease, [text('Fa')]));
    expect(await untilEnded(id)).not.toHaveProperty('usage');
  });

  it('of no turn that the release before opened, which does not say how it was asked', async () => {
    const { id, turnId } = await caller.openNew();
    await platform.expire(turnId);
    expect(await untilEnded(id)).not.toHaveProperty('usage');
  });
});

it('what was not committed is not told: a refused message leaves no event', async () => {
  const { id } = await caller.newSession();
  await caller.open(id, [user('?')]);
  const refused = await caller.call('POST', `/v1/sessions/${id}/messages`, { content: 'x' });
  expect(refused).toMatchObject(problem(409, 'session.busy'));
  await caller.ok('DELETE', `/v1/sessions/${id}`);
  expect(endsIn(await untilTold(id, 4))).toEqual([]);
});

it('a key that is revoked is refused by every instance soon after', async () => {
  const key_id = randomUUID();
  const callers = instances.map((instance) => instance.caller(caller.tenantId, { key_id }));
  for (const one of callers) await one.ok('GET', '/v1/sessions');
  const channel = await broker.createConfirmChannel();
  const revoked = {
    ...{ specversion: '1.0', id: randomUUID(), type: 'auth.api_key.revoked.v1', source: '/parley/auth' },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: caller.tenantId },
    data: {
      api_key_id: key_id,
      revoked_by: randomUUID(),
      tokens_expire_at: new Date(Date.now() + 60_000).toISOString(),
    },
  };
  channel.publish(eventsExchange, revoked.type, Buffer.from(JSON.stringify(revoked)), { messageId: revoked.id });
  await channel.waitForConfirms();
  for (const one of callers)
    await eventually(async () =>
      expect(await one.call('GET', '/v1/sessions')).toMatchObject(problem(401, 'credential.revoked')),
    );
});
