/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  encodeCursor,
  type Project,
  type ProjectPage,
  type SessionMessagePage,
  type SessionPage,
} from '@parley/contracts';
import { Client } from 'pg';
import { assistant, newPlatform, problem, text, user, type Caller, type Platform } from './sessions-under-test.js';

let platform: Platform;
let caller: Caller;
let stranger: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  const instance = await platform.start();
  caller = instance.caller();
  stranger = instance.caller(caller.tenantId, { permissions: ['sessions:read'] });
}, 60_000);

afterAll(() => platform.stop());

/** Every page of a list; `between` runs before each further one. */
async function pages<T>(path: string, limit: number, between: () => Promise<unknown> = async () => undefined) {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const page: { data: T[]; next_cursor: string | null } = await caller.ok('GET', `${path}?${query}`);
    expect(page.data.length).toBeLessThanOrEqual(limit);
    all.push(...page.data);
    cursor = page.next_cursor;
    if (cursor !== null) await between();
  } while (cursor !== null);
  return all;
}

const newProject = (name = 'A project') => caller.ok<Project>('POST', '/v1/projects', { name });

describe('a project', () => {
  it('is created, read, listed newest first, renamed and deleted', async () => {
    const older = await newProject('Older');
    const project = await newProject('  Newer  ');
    expect(project.name).toBe('Newer');
    const { data } = await caller.ok<ProjectPage>('GET', '/v1/projects?limit=2');
    expect(data.map(({ id }) => id)).toEqual([project.id, older.id]);

    const renamed = await caller.ok<Project>('PATCH', `/v1/projects/${project.id}`, { name: 'Renamed' });
    expect(await caller.ok('GET', `/v1/projects/${project.id}`)).toEqual(renamed);
    expect((await caller.call('DELETE', `/v1/projects/${project.id}`)).status).toBe(204);

    for (const method of ['GET', 'DELETE'])
      expect(await caller.call(method, `/v1/projects/${project.id}`)).toMatchObject(problem(404, 'project.not_found'));
  });

  it('that is deleted leaves its sessions without one', async () => {
    const project = await newProject();
    const { id } = await caller.newSession({ project_id: project.id });
    await caller.ok('DELETE', `/v1/projects/${project.id}`);
    expect(await caller.ok('GET', `/v1/sessions/${id}`)).toMatchObject({ project_id: null });
  });
});

describe('a session', () => {
  it('is created with what it is given, and starts empty', async () => {
    const project = await newProject();
    const session = await caller.newSession({ name: 'Moon', model: 'a-model', project_id: project.id });
    expect(session).toMatchObject({ name: 'Moon', model: 'a-model', project_id: project.id });
    expect(await caller.ok('GET', `/v1/sessions/${session.id}`)).toEqual({ ...session, summary: null, messages: [] });
    expect(await caller.newSession({})).toMatchObject({ name: null, model: null, project_id: null, tags: [] });
  });

  it('is changed where a field is given, and null takes a value away', async () => {
    const project = await newProject();
    const { id } = await caller.newSession({ name: 'Moon', model: 'a-model', project_id: project.id });
    const changes = { name: null, model: 'b-model' };
    expect(await caller.ok('PATCH', `/v1/sessions/${id}`, changes)).toMatchObject({
      ...changes,
      project_id: project.id,
    });
    expect(await caller.ok('PATCH', `/v1/sessions/${id}`, { project_id: null })).toMatchObject({ project_id: null });
  });

  it('cannot be of a project that is not there', async () => {
    const { id } = await caller.newSession();
    const body = { project_id: randomUUID() };
    expect(await caller.call('POST', '/v1/sessions', body)).toMatchObject(problem(404, 'project.not_found'));
    expect(await caller.call('PATCH', `/v1/sessions/${id}`, body)).toMatchObject(problem(404, 'project.not_found'));
  });

  it('is listed newest first, all of them or those of one project', async () => {
    const project = await newProject();
    const made = [];
    for (const name of ['1', '2', '3']) made.push(await caller.newSession({ name, project_id: project.id }));
    const other = await caller.newSession();
    const own = await caller.ok<SessionPage>('GET', `/v1/sessions?project_id=${project.id}`);
    expect(own).toEqual({ data: made.toReversed(), next_cursor: null });
    const newest = await caller.ok<SessionPage>('GET', '/v1/sessions?limit=2');
    expect(newest.data.map(({ id }) => id)).toEqual([other.id, made[2]?.id]);
  });

  it('loses none of a list whose pages are read while others are created', async () => {
    const before = new Set<string>();
    for (let i = 0; i < 7; i++) before.add((await caller.newSession()).id);
    const read = await pages<{ id: string }>('/v1/sessions', 3, () => caller.newSession());
    const ids = read.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...before].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('that is deleted leaves no row of it, its messages and turns behind', async () => {
    const { id } = await caller.newSession();
    await caller.ask(id, [user('How far?')]);
    const { turnId, lease } = await caller.open(id, [user('And now?')]);

    expect((await caller.call('DELETE', `/v1/sessions/${id}`)).status).toBe(204);

    const left = await platform.database.query(
      `select id from sessions where id = '${id}' union all select id from messages where session_id = '${id}'
       union all select id from turns where session_id = '${id}'`,
    );
    expect(left).toEqual([]);
    expect(await caller.call('DELETE', `/v1/sessions/${id}`)).toMatchObject(problem(404, 'session.not_found'));
    const late = await caller.turn(turnId, 'checkpoint', { lease, content: [] });
    expect(late).toMatchObject(problem(404, 'turn.not_found'));
  });
});

describe('a message', () => {
  it('is added behind the others, as text or as blocks, for the user unless another role is named', async () => {
    const { id } = await caller.newSession();
    await caller.append(id, 'How far?');
    const blocks = [text('Far.'), { type: 'tool_call', id: 'c', name: 'look', arguments: '{}' }];
    const body = { role: 'assistant', content: blocks, name: 'Ada' };
    const answer = await caller.ok('POST', `/v1/sessions/${id}/messages`, body);

    const [first, second] = await caller.messages(id);
    expect(first).toMatchObject({ ...user('How far?'), parent_id: null, turn_id: null, status: 'complete' });
    expect(second).toEqual(answer);
    expect(second).toMatchObject({ ...body, parent_id: first?.id });
  });

  it('of many that come at once is kept, each behind another', async () => {
    const [one, two] = [await caller.newSession(), await caller.newSession()];
    const words = Array.from({ length: 60 }, (_, i) => `message ${i}`);
    await Promise.all(words.flatMap((word) => [caller.append(one.id, word), caller.append(two.id, word)]));

    for (const { id } of [one, two]) {
      const messages = await caller.messages(id);
      expect(messages.map(({ content }) => (content[0] as { text: string }).text).toSorted()).toEqual(words.toSorted());
      expect(messages.map(({ parent_id }) => parent_id)).toEqual([null, ...messages.slice(0, -1).map((m) => m.id)]);
    }
  });

  it('waits for nobody else’s session, and for whoever holds its own', async () => {
    const [held, free] = [await caller.newSession(), await caller.newSession()];
    const holder = new Client({ connectionString: platform.database.systemUrl });
    await holder.connect();
    await holder.query(`begin; select 1 from sessions where id = '${held.id}' for update`);
    let added = false;
    const waiting = caller.append(held.id, 'Mine').then(() => (added = true));
    for (let i = 0; i < 5; i++) await caller.append(free.id, 'Free');
    expect(added).toBe(false);

    await holder.end();

    await waiting;
    expect(await caller.conversation(held.id)).toEqual([user('Mine')]);
  });

  it('is not lost to who pages while others come: those are on the last page', async () => {
    const { id } = await caller.newSession();
    for (let i = 0; i < 7; i++) await caller.append(id, `${i}`);
    let added = 0;
    const read = await pages<SessionMessagePage['data'][number]>(`/v1/sessions/${id}/messages`, 2, async () => {
      if (added < 3) await caller.append(id, `later ${added++}`);
    });
    expect(read.map(({ content }) => (content[0] as { text: string }).text)).toEqual([
      ...['0', '1', '2', '3', '4', '5', '6'],
      ...['later 0', 'later 1', 'later 2'],
    ]);
  });

  it('comes with its session if it is among the newest 1,000', async () => {
    const { id } = await caller.newSession();
    const input = Array.from({ length: 1_100 }, (_, i) => user(`${i}`));
    await caller.ask(id, input, 'Done.');
    const conversation = await caller.conversation(id);
    expect(conversation).toHaveLength(1_000);
    expect([conversation[0], conversation.at(-1)]).toEqual([user('101'), assistant('Done.')]);
    expect(await pages(`/v1/sessions/${id}/messages`, 200)).toHaveLength(1_101);
  });
});

describe('bad input is refused', () => {
  it.each([
    ['POST', '/v1/projects', {}],
    ['POST', '/v1/projects', { name: 'x', color: 'red' }],
    ['POST', '/v1/projects', { name: 'nul \u0000' }],
    ['POST', '/v1/projects', { name: 'half \ud83e' }],
    ['POST', '/v1/sessions', { name: 'half \ud83e' }],
    ['POST', '/v1/sessions', { name: '' }],
    ['POST', '/v1/sessions', { model: 'no model' }],
    ['POST', '/v1/sessions', { project_id: 'x' }],
    ['POST', '/v1/sessions', { tags: ['same', 'same'] }],
    ['POST', '/v1/sessions', { tags: [''] }],
    ['POST', '/v1/sessions', { tags: ['x'.repeat(65)] }],
    ['POST', '/v1/sessions', { tags: Array.from({ length: 33 }, (_, n) => `${n}`) }],
    ['GET', '/v1/sessions?project_id=x', undefined],
    ['GET', '/v1/sessions?status=busy', undefined],
    ['GET', '/v1/sessions?sort=size', undefined],
    ['GET', '/v1/sessions?created_after=yesterday', undefined],
    ['GET', '/v1/sessions?updated_before=0000-01-01T00:00:00Z', undefined],
    ['GET', '/v1/sessions?text=', undefined],
    ['GET', '/v1/sessions?limit=201', undefined],
    ['GET', '/v1/sessions?cursor=e30', undefined],
    ['GET', '/v1/projects?cursor=WzFd', undefined],
    ['GET', '/v1/sessions/x', undefined],
  ])('%s %s %j', async (method, path, body) => {
    expect((await caller.call(method, path, body)).status).toBe(400);
  });

  it.each([
    { content: '' },
    { content: [] },
    { content: 'x', role: 'robot' },
    { content: 'x', id: 1 },
    { content: [{ type: 'smell' }] },
    {},
  ])('as a message: %j', async (body) => {
    const { id } = await caller.newSession();
    expect((await caller.call('POST', `/v1/sessions/${id}/messages`, body)).status).toBe(400);
  });

  it('as a cursor of messages that no list gave out', async () => {
    const { id } = await caller.newSession();
    for (const position of [-1, 2 ** 31, 'x']) {
      const answer = await caller.call('GET', `/v1/sessions/${id}/messages?cursor=${encodeCursor([position])}`);
      expect(answer).toMatchObject(problem(400, 'cursor.invalid'));
    }
  });

  it('with 413 where the body is over 1 MiB', async () => {
    const { id } = await caller.newSession();
    const large = await caller.call('POST', `/v1/sessions/${id}/messages`, { content: 'x'.repeat(1 << 20) });
    expect(large).toMatchObject(problem(413, 'request.too_large'));
  });

  it('by an internal route only where the body is over 32 MiB', async () => {
    const { id } = await caller.newSession();
    const large = user('x'.repeat(8 << 20));
    const { context } = await caller.open(id, [large, large]);
    expect(context[1]).toEqual(large);
  });
});

it('a caller with sessions:read alone reads, and changes nothing', async () => {
  const { id } = await caller.newSession();
  await stranger.ok('GET', `/v1/sessions/${id}`);
  await stranger.ok('GET', `/v1/sessions/${id}/messages`);
  for (const [method, path, body] of [
    ['POST', '/v1/sessions', {}],
    ['PATCH', `/v1/sessions/${id}`, {}],
    ['DELETE', `/v1/sessions/${id}`, undefined],
    ['POST', `/v1/sessions/${id}/archive`, undefined],
    ['POST', `/v1/sessions/${id}/restore`, undefined],
    ['POST', `/v1/sessions/${id}/messages`, { content: 'x' }],
    ['POST', '/v1/projects', { name: 'x' }],
    ['POST', `/internal/sessions/${id}/turns`, {}],
  ] as const)
    expect(await stranger.call(method, path, body)).toMatchObject(problem(403, 'request.forbidden'));
});
