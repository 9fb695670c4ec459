/** Real: two instances of the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { retentionBatch } from '@parley/persistence';
import { eventually } from '@parley/testing';
import { Client } from 'pg';
import { oldKeys } from '../src/messages/append-keys.repository.js';
import { newPlatform, problem, text, user, whole, type Caller, type Platform } from './sessions-under-test.js';

let platform: Platform;
let caller: Caller;
let other: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  const [one, two] = [await platform.start(), await platform.start()];
  caller = one.caller();
  other = two.caller(caller.tenantId);
}, 60_000);

afterAll(() => platform.stop());

const newSession = async () => (await caller.newSession()).id;
const send = (id: string, key: string, content: unknown = 'Hello', by = caller) =>
  by.call('POST', `/v1/sessions/${id}/messages`, { content }, { 'idempotency-key': key });
/** Who waits for a row that somebody holds. */
const waiting = () =>
  platform.database.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
const age = (id: string) =>
  platform.database.query(
    `update append_keys set created_at = now() - interval '24 hours 1 second' where session_id = '${id}'`,
  );

describe('a message sent twice with one key', () => {
  it('is there once, and answered the same, with a text or the blocks that it stands for', async () => {
    const id = await newSession();
    const first = await send(id, 'a');
    expect(first.status).toBe(201);
    expect(await send(id, 'a', [text('Hello')], other)).toMatchObject({ status: 201, body: first.body });
    expect(await caller.conversation(id)).toEqual([user('Hello')]);
  });

  it('is there once however many send it at once, through either instance', async () => {
    const id = await newSession();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => send(id, 'a', 'x', n % 2 ? caller : other)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await caller.conversation(id)).toEqual([user('x')]);
  });

  it('waits for the first where that is under way', async () => {
    const id = await newSession();
    const holder = new Client({ connectionString: platform.database.systemUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from sessions where id = $1 for update', [id]);
    const both = Promise.all([send(id, 'a'), send(id, 'a', 'Hello', other)]);
    await eventually(async () => expect(await waiting()).toHaveLength(2));
    await holder.query('commit');
    await holder.end();
    const [first, second] = await both;
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(await caller.messages(id)).toHaveLength(1);
  });

  it('is answered also where no other message would be taken', async () => {
    const id = await newSession();
    const first = await send(id, 'a');
    const { turnId, lease } = await caller.open(id, [user('?')]);
    expect(await send(id, 'a')).toMatchObject({ status: 201, body: first.body });
    await caller.turn(turnId, 'complete', whole(lease));
    await caller.ok('POST', `/v1/sessions/${id}/archive`);
    expect(await send(id, 'a')).toMatchObject({ status: 201, body: first.body });
    expect(await send(id, 'b')).toMatchObject(problem(409, 'session.archived'));
  });

  it('says where it stands now', async () => {
    const id = await newSession();
    const { body } = await send(id, 'a');
    await caller.ok('POST', `/v1/sessions/${id}/rewind`, { message_id: null });
    expect(await send(id, 'a')).toMatchObject({ status: 201, body: { id: body['id'], in_conversation: false } });
  });

  it('is another one in another session', async () => {
    const ids = [await newSession(), await newSession()];
    const [one, two] = await Promise.all(ids.map((id) => send(id, 'a')));
    expect(one?.body['id']).not.toBe(two?.body['id']);
  });
});

it('a key that was used for another message is refused, also in one batch', async () => {
  const id = await newSession();
  const answers = await Promise.all(['x', 'y'].map((words) => send(id, 'a', words)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  expect(await send(id, 'a', 'z')).toMatchObject(problem(409, 'idempotency_key.reused'));
  expect(await caller.messages(id)).toHaveLength(1);
});

it('a refused message leaves its key free', async () => {
  const id = await newSession();
  const { turnId, lease } = await caller.open(id, [user('?')]);
  expect(await send(id, 'a')).toMatchObject(problem(409, 'session.busy'));
  await caller.turn(turnId, 'complete', whole(lease));
  expect((await send(id, 'a', 'Another')).status).toBe(201);
});

it.each([
  ['is good for a day, and then stands for what comes next', () => Promise.resolve()],
  ['that is over is deleted', () => platform.database.query(oldKeys(retentionBatch))],
])('a key %s', async (_, sweep) => {
  const id = await newSession();
  const first = await send(id, 'a');
  await sweep();
  expect((await send(id, 'a')).body).toEqual(first.body);
  await age(id);
  await sweep();
  const second = await send(id, 'a', 'Another');
  expect(second.status).toBe(201);
  expect((await send(id, 'a', 'Another')).body).toEqual(second.body);
});

it('a cleared session forgets its keys', async () => {
  const id = await newSession();
  await send(id, 'a');
  await caller.ok('POST', `/v1/sessions/${id}/clear`);
  expect((await send(id, 'a', 'Another')).status).toBe(201);
});

it.each(['', 'x'.repeat(256), 'two words', 'ünder'])('the key %j is refused', async (key) => {
  expect(await send(await newSession(), key)).toMatchObject(problem(400, 'request.invalid'));
});

it('a key of 255 characters is taken', async () => {
  expect((await send(await newSession(), '~'.repeat(255))).status).toBe(201);
});
