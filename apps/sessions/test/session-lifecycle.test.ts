/** Real: two instances of the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: auth, and an outside subscriber. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Session } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { newPlatform, problem, text, user, whole, type Caller, type Platform } from './sessions-under-test.js';
import { subscribe, type Subscriber } from './subscriber.js';

let platform: Platform;
let caller: Caller;
let other: Caller;
let subscriber: Subscriber;

beforeAll(async () => {
  platform = await newPlatform();
  const [one, two] = [await platform.start(), await platform.start()];
  caller = one.caller();
  other = two.caller(caller.tenantId);
  subscriber = await subscribe(platform.amqp.url);
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await platform.stop();
});

const read = (id: string) => other.ok<Session>('GET', `/v1/sessions/${id}`);
const archive = (id: string) => caller.ok<Session>('POST', `/v1/sessions/${id}/archive`);
const restore = (id: string) => caller.ok<Session>('POST', `/v1/sessions/${id}/restore`);
const rest = (id: string) =>
  platform.database.query(`update sessions set last_active_at = now() - interval '1 day' where id = '${id}'`);
const untilIdle = (id: string) => eventually(async () => expect(await read(id)).toMatchObject({ status: 'idle' }));

/** What was told of a session besides its messages, once the last of it is. */
const told = (sessionId: string, last: string) =>
  eventually(() => {
    const all = subscriber.of(sessionId);
    expect(all.map(({ type }) => type)).toContain(last);
    return all;
  });

describe('an archived session', () => {
  it('is read as it was, and takes neither messages nor turns until it is restored', async () => {
    const { id } = await caller.newSession();
    await caller.append(id, 'Before');
    const archived = await archive(id);
    expect(archived).toMatchObject({ status: 'archived', archived_at: archived.updated_at });

    const refused = problem(409, 'session.archived');
    expect(await other.call('POST', `/v1/sessions/${id}/messages`, { content: 'x' })).toMatchObject(refused);
    expect(await other.tryOpen(id, [user('?')])).toMatchObject(refused);
    expect(await other.conversation(id)).toEqual([user('Before')]);

    expect(await restore(id)).toMatchObject({ status: 'active', archived_at: null });
    await other.append(id, 'After');
    expect(await caller.conversation(id)).toEqual([user('Before'), user('After')]);
  });

  it('is renamed and tagged, and stays archived', async () => {
    const { id } = await caller.newSession();
    await archive(id);
    const changes = { name: 'Old', tags: ['done'] };
    expect(await caller.ok('PATCH', `/v1/sessions/${id}`, changes)).toMatchObject({ ...changes, status: 'archived' });
  });

  it('has the answer of the turn that was under way', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await archive(id);
    expect((await caller.turn(turnId, 'complete', whole(lease, [text('Far.')]))).status).toBe(200);
    expect(await read(id)).toMatchObject({ status: 'archived', messages: [{ role: 'user' }, { status: 'complete' }] });
  });

  it('never becomes idle', async () => {
    const [archived, quiet] = [await caller.newSession(), await caller.newSession()];
    await archive(archived.id);
    await Promise.all([rest(archived.id), rest(quiet.id)]);
    await untilIdle(quiet.id);
    expect(await read(archived.id)).toMatchObject({ status: 'archived' });
  });
});

describe('an idle session', () => {
  it.each([
    ['a message', (id: string) => caller.append(id, 'Hello')],
    ['a turn', (id: string) => caller.open(id, [user('?')])],
  ])('is one in which nothing is said for a while, until %s comes', async (_, speak) => {
    const { id } = await caller.newSession();
    await rest(id);
    await untilIdle(id);
    const before = await read(id);
    await speak(id);
    const after = await read(id);
    expect(after.status).toBe('active');
    expect(Date.parse(after.last_active_at)).toBeGreaterThan(Date.parse(before.last_active_at));
  });

  it('is none whose turn is being answered, however long that takes', async () => {
    const [busy, quiet] = [await caller.openNew(), await caller.newSession()];
    await Promise.all([rest(busy.id), rest(quiet.id)]);
    await untilIdle(quiet.id);
    expect(await read(busy.id)).toMatchObject({ status: 'active' });
  });

  it('is settled once where two instances look, also among more than one look finds', async () => {
    const ids = await platform.database.query<{ id: string }>(
      `insert into sessions (tenant_id, id, last_active_at)
       select '${caller.tenantId}', gen_random_uuid(), now() - interval '1 day' + n * interval '1 ms'
       from generate_series(1, 1200) n returning id`,
    );
    await eventually(() => {
      for (const { id } of ids) expect(subscriber.of(id)).toHaveLength(1);
    });
  });
});

it('each change is told once, and what changes nothing is not', async () => {
  const project = await caller.ok<{ id: string }>('POST', '/v1/projects', { name: 'A project' });
  const { id } = await caller.newSession({ name: 'Moon', tags: ['space'] });
  const change = (changes: object) => caller.ok('PATCH', `/v1/sessions/${id}`, changes);
  await change({ name: 'Moon', tags: ['space'] });
  await change({ name: 'Mars', tags: ['space'], project_id: project.id });
  for (const twice of [archive, archive, restore, restore]) await twice(id);
  await rest(id);
  await untilIdle(id);
  await caller.ok('DELETE', `/v1/sessions/${id}`);

  const ofProject = { session_id: id, project_id: project.id };
  const updated = { type: 'sessions.session.updated.v1', ...ofProject };
  const all = await told(id, 'sessions.session.deleted.v1');
  const changes = all.filter(({ type }) => /updated|archived/.test(type));
  expect(changes).toHaveLength(4);
  expect(changes).toEqual(
    expect.arrayContaining([
      { ...updated, status: 'active', changed: ['name', 'project_id'], updated_by: expect.any(String) },
      { type: 'sessions.session.archived.v1', ...ofProject, archived_by: expect.any(String) },
      { ...updated, status: 'active', changed: ['status', 'archived_at'], updated_by: expect.any(String) },
      { ...updated, status: 'idle', changed: ['status'], updated_by: null },
    ]),
  );
});

it('a rewound and a cleared session stay idle, and each is told once', async () => {
  const { id } = await caller.newSession();
  const first = await caller.append(id, 'a');
  await caller.append(id, 'b');
  await rest(id);
  await untilIdle(id);
  const step = (name: string, body?: object) => caller.ok('POST', `/v1/sessions/${id}/${name}`, body);
  for (let twice = 0; twice < 2; twice++)
    expect(await step('rewind', { message_id: first.id })).toMatchObject({ status: 'idle' });
  for (let twice = 0; twice < 2; twice++) expect(await step('clear')).toMatchObject({ status: 'idle' });
  await caller.ok('DELETE', `/v1/sessions/${id}`);

  const all = await told(id, 'sessions.session.deleted.v1');
  const updated = { type: 'sessions.session.updated.v1', status: 'idle', changed: ['messages'] };
  expect(all.filter(({ type, changed }) => /cleared/.test(type) || String(changed) === 'messages')).toMatchObject([
    updated,
    { type: 'sessions.session.cleared.v1', cleared_by: expect.any(String) },
    updated,
  ]);
});

it('a fork is told of as a session that was made, and its messages and turns are not told of again', async () => {
  const { id } = await caller.newSession();
  await caller.ask(id, [user('?')]);
  const fork = await caller.ok<Session>('POST', `/v1/sessions/${id}/fork`, {});
  await caller.ok('DELETE', `/v1/sessions/${fork.id}`);
  expect(await told(fork.id, 'sessions.session.deleted.v1')).toMatchObject([
    { type: 'sessions.session.created.v1', forked_from: fork.forked_from },
    { type: 'sessions.session.deleted.v1' },
  ]);
});

it('a session that is not there is neither archived nor restored', async () => {
  for (const step of ['archive', 'restore'])
    expect(await caller.call('POST', `/v1/sessions/${randomUUID()}/${step}`)).toMatchObject(
      problem(404, 'session.not_found'),
    );
});
