/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and the gateway. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Message } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { caller, platform } from './one-instance.js';
import { assistant, broken, part, problem, system, text, user, whole } from './sessions-under-test.js';

const statuses = async (id: string) => (await caller.messages(id)).map(({ status }) => status);

describe('a turn', () => {
  it('keeps question and answer, with what the answer took and cost, how long that was and why it ended', async () => {
    const { id } = await caller.newSession();
    const turnId = await caller.ask(id, [system('Be brief.'), user('How far?')]);

    const messages = await caller.messages(id);

    expect(await caller.conversation(id)).toEqual([system('Be brief.'), user('How far?'), assistant('Far.')]);
    expect(messages.map(({ parent_id }) => parent_id)).toEqual([null, messages[0]?.id, messages[1]?.id]);
    expect(messages[2]).toMatchObject({
      turn_id: turnId,
      status: 'complete',
      model: 'a-model-2026',
      tokens: { input: 3, output: 2 },
      stop: { reason: 'end' },
      cost_usd: '0.0000125',
      duration_ms: expect.any(Number),
    });
    expect(messages[1]).toMatchObject({ cost_usd: null, duration_ms: null });
  });

  it('is given the whole conversation, its input at the end', async () => {
    const { id } = await caller.newSession();
    await caller.ask(id, [user('How far?')]);
    await caller.append(id, 'In miles.');

    const { context, model, project_id } = await caller.open(id, [user('And the sun?')]);

    expect(context).toEqual([user('How far?'), assistant('Far.'), user('In miles.'), user('And the sun?')]);
    expect({ model, project_id }).toEqual({ model: 'a-model', project_id: null });
  });

  it('gets every kind of content back as it was given, keys in their order', async () => {
    const { id } = await caller.newSession();
    const given: Message = {
      role: 'user',
      content: [
        { type: 'vendor', vendor: 'openai', value: { z: { y: 1, x: 2 }, a: '\u0000' } },
        { type: 'image', source: { kind: 'url', url: 'https://example.com/x.png' } },
        text('“Grüße” 👋 \\ \' "'),
      ],
      name: 'Ada\u0000',
      vendor: { openai: { zebra: 1, apple: [{ b: null, a: '\ud800' }] } },
    };

    const { context } = await caller.open(id, [given]);

    expect(JSON.stringify(context)).toBe(JSON.stringify([given]));
  });

  it('needs a model from the request or from the session', async () => {
    const { id } = await caller.newSession({});
    expect(await caller.tryOpen(id, [user('?')])).toMatchObject({
      status: 400,
      body: { errors: [expect.objectContaining({ path: 'model' })] },
    });
    expect((await caller.tryOpen(id, [user('?')], randomUUID(), { model: 'b-model' })).body.model).toBe('b-model');
  });

  it('holds the session: another turn, and a message, are refused until it has ended', async () => {
    const { id, turnId, lease } = await caller.openNew([user('1')]);

    const refused = await caller.tryOpen(id, [user('2')]);
    expect(refused).toMatchObject(problem(409, 'session.busy'));
    expect(refused.headers.get('retry-after')).toBe('1');
    const said = await caller.call('POST', `/v1/sessions/${id}/messages`, { content: 'Wait!' });
    expect(said).toMatchObject(problem(409, 'session.busy'));

    await caller.turn(turnId, 'complete', whole(lease));
    await caller.append(id, 'Thanks.');
    await caller.open(id, [user('2')]);
  });

  it('is won by one of 100 that are opened at the same time', async () => {
    const { id } = await caller.newSession();

    const answers = await Promise.all(Array.from({ length: 100 }, () => caller.tryOpen(id, [user('Me!')])));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(99);
    expect(await caller.conversation(id)).toEqual([user('Me!')]);
  });

  it('keeps who asked and how, and what the model was given to read', async () => {
    const { id } = await caller.newSession();
    await caller.ask(id, [user('How far?')]);
    const asked = { dialect: 'anthropic', streamed: true, input_tokens: 7 };

    const { body } = await caller.tryOpen(id, [user('And now?')], undefined, { asked });

    const [row] = await platform.database.query<Record<string, unknown>>(
      `select subject, api_key_id, dialect, streamed, input_tokens from turns where session_id = '${id}' and status = 'open'`,
    );
    expect(body.lease).toBeDefined();
    expect(row).toEqual({ ...asked, subject: expect.any(String), api_key_id: null, input_tokens: 3 + 2 + 7 });
  });

  it('that is opened again is answered the same, and either lease is good', async () => {
    const { id } = await caller.newSession();
    await caller.ask(id, [user('How far?')]);
    const first = await caller.open(id, [user('And now?')]);
    await caller.turn(first.turnId, 'checkpoint', part(first.lease, [text('No')]));

    const again = await caller.open(id, [user('And now?')], first.turnId);

    expect({ ...again, lease: '' }).toEqual({ ...first, lease: '' });
    expect((await caller.turn(first.turnId, 'checkpoint', part(again.lease, [text('Not')]))).status).toBe(200);
    expect((await caller.turn(first.turnId, 'complete', whole(first.lease))).status).toBe(200);
    expect(await caller.tryOpen(id, [user('And now?')], first.turnId)).toMatchObject(problem(409, 'turn.ended'));
    expect(await caller.conversation(id)).toHaveLength(4);
  });

  it('keeps its id to its session', async () => {
    const [one, two] = [await caller.newSession(), await caller.newSession()];
    const { turnId } = await caller.open(one.id, [user('?')]);
    expect(await caller.tryOpen(two.id, [user('?')], turnId)).toMatchObject(problem(400, 'request.invalid'));
  });

  it('is for who has its lease', async () => {
    const { turnId, lease } = await caller.openNew();
    const other = await caller.open((await caller.newSession()).id, [user('?')]);
    const forged = `${caller.tenantId}.${'A'.repeat(43)}`;
    for (const wrong of [forged, other.lease, `${randomUUID()}.${lease.split('.')[1] ?? ''}`, 'x', ''])
      expect(await caller.turn(turnId, 'checkpoint', part(wrong, []))).toMatchObject(problem(404, 'turn.not_found'));
    expect(await platform.database.query(`select 1 from turns where lease_hashes::text like '%${lease}%'`)).toEqual([]);
  });
});

describe('a checkpoint', () => {
  it('keeps the part that came, in one message, which the whole answer then replaces', async () => {
    const { id, turnId, lease } = await caller.openNew();

    await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
    expect(await caller.conversation(id)).toEqual([user('?'), assistant('Fa')]);
    expect(await statuses(id)).toEqual(['complete', 'interrupted']);
    await caller.turn(turnId, 'checkpoint', part(lease, [text('Far aw')]));
    await caller.turn(turnId, 'complete', whole(lease, [text('Far away.')]));

    expect(await caller.conversation(id)).toEqual([user('?'), assistant('Far away.')]);
    expect(await statuses(id)).toEqual(['complete', 'complete']);
  });

  it('extends the lease', async () => {
    const { id, turnId, lease, lease_ms } = await caller.openNew();
    const left = async () =>
      Number(
        (
          await platform.database.query<{ left: string }>(
            `select extract(epoch from lease_until - clock_timestamp()) * 1000 as left from turns where id = '${turnId}'`,
          )
        )[0]?.left,
      );
    await platform.database.query(`update turns set lease_until = lease_until - interval '5 s' where id = '${turnId}'`);
    expect(await left()).toBeLessThan(lease_ms - 4_000);

    await caller.turn(turnId, 'checkpoint', part(lease, []));

    expect(await left()).toBeGreaterThan(lease_ms - 2_000);
    expect(await caller.conversation(id)).toEqual([user('?')]);
  });

  it.each([
    ['completed', 'complete', whole],
    ['interrupted', 'interrupt', broken],
  ] as const)('after the turn was %s is turn.ended, and changes nothing', async (_, step, body) => {
    const { id, turnId, lease } = await caller.openNew();
    await caller.turn(turnId, step, body(lease, [text('Far.')]));

    const late = await caller.turn(turnId, 'checkpoint', part(lease, [text('Near')]));

    expect(late).toMatchObject(problem(409, 'turn.ended'));
    expect(await caller.conversation(id)).toEqual([user('?'), assistant('Far.')]);
  });
});

describe('an end', () => {
  it.each([
    ['complete', whole, 'interrupt', broken],
    ['interrupt', broken, 'complete', whole],
  ] as const)('%s may be repeated, and stands against the other', async (step, body, other, otherBody) => {
    const { id, turnId, lease } = await caller.openNew();
    const content = [text('Far.')];

    expect((await caller.turn(turnId, step, body(lease, content))).status).toBe(200);
    expect((await caller.turn(turnId, step, body(lease, [text('Again')]))).status).toBe(200);
    const refused = await caller.turn(turnId, other, otherBody(lease, [text('Other')]));

    expect(refused).toMatchObject(problem(409, 'turn.ended'));
    expect(await caller.conversation(id)).toEqual([user('?'), assistant('Far.')]);
  });

  it('that breaks off keeps the part that came, in the conversation', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await caller.turn(turnId, 'interrupt', broken(lease, [text('Fa')]));

    expect(await statuses(id)).toEqual(['complete', 'interrupted']);
    expect((await caller.open(id, [user('Go on')])).context).toEqual([user('?'), assistant('Fa'), user('Go on')]);
  });

  it('of a turn that failed before anything came leaves the conversation as it was, and the question in the tree', async () => {
    const { id } = await caller.newSession();
    await caller.ask(id, [user('How far?')]);
    const { turnId, lease } = await caller.open(id, [user('And now?')]);
    await caller.turn(turnId, 'interrupt', broken(lease));

    expect(await caller.conversation(id)).toEqual([user('How far?'), assistant('Far.')]);
    await caller.ask(id, [user('And now?')]);
    const messages = await caller.messages(id);
    expect(messages.map(({ parent_id }) => parent_id)).toEqual([null, ...messages.slice(0, -1).map((one) => one.id)]);
    expect(await platform.database.query(`select 1 from messages where session_id = '${id}'`)).toHaveLength(5);
  });

  it('that was called for keeps the question, even where nothing came', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await caller.turn(turnId, 'interrupt', broken(lease, [], 'cancelled'));
    expect(await caller.conversation(id)).toEqual([user('?')]);
  });

  it('leaves no call of a tool open that nobody ran', async () => {
    const { id, turnId, lease } = await caller.openNew();
    const call = { type: 'tool_call' as const, id: 'call_1', name: 'look', arguments: '{"at":' };
    await caller.turn(turnId, 'interrupt', broken(lease, [text('Let me see.'), call]));

    expect((await caller.messages(id))[1]?.content).toHaveLength(2);
    expect((await caller.open(id, [user('Well?')])).context).toEqual([
      user('?'),
      assistant('Let me see.'),
      user('Well?'),
    ]);
  });
});

describe('a turn whose lease ran out', () => {
  it('is interrupted, what came of its answer is kept, and the session is free', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
    await platform.expire(turnId);

    await eventually(() => caller.append(id, 'Hello?'));

    expect(await caller.conversation(id)).toEqual([user('?'), assistant('Fa'), user('Hello?')]);
    expect(await statuses(id)).toEqual(['complete', 'interrupted', 'complete']);
    expect(await caller.turn(turnId, 'complete', whole(lease))).toMatchObject(problem(409, 'turn.ended'));
    expect((await caller.turn(turnId, 'interrupt', broken(lease))).status).toBe(200);
  });

  it('keeps its question, of whose failure nobody was told', async () => {
    const { id, turnId } = await caller.openNew();
    await platform.expire(turnId);
    await eventually(async () => {
      expect(await platform.database.query(`select reason from turns where id = '${turnId}'`)).toEqual([
        { reason: 'lease_expired' },
      ]);
    });
    expect(await caller.conversation(id)).toEqual([user('?')]);
  });
});
