/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Session, type SessionMessage, type SessionMessagePage } from '@parley/contracts';
import { caller, platform } from './one-instance.js';
import { assistant, part, problem, system, text, user, whole } from './sessions-under-test.js';

const rewind = (id: string, message_id: string | null) =>
  caller.call('POST', `/v1/sessions/${id}/rewind`, { message_id });
const fork = (id: string, body?: object) => caller.ok<Session>('POST', `/v1/sessions/${id}/fork`, body);
const clear = (id: string) => caller.call('POST', `/v1/sessions/${id}/clear`);

/** The words of a conversation. */
const said = async (id: string) =>
  (await caller.conversation(id)).map(({ content }) => content.map((block) => 'text' in block && block.text).join());

/** All pages of the tree. */
async function tree(id: string, limit = 200): Promise<SessionMessage[]> {
  const all: SessionMessage[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `branch=all&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const page: SessionMessagePage = await caller.ok('GET', `/v1/sessions/${id}/messages?${query}`);
    all.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}

/** A session in which each of these was said. */
async function talk(...words: string[]) {
  const { id } = await caller.newSession();
  const ids: string[] = [];
  for (const word of words) ids.push((await caller.append(id, word)).id);
  return { id, ids: ids as [string, ...string[]] };
}

const bytesOf = async (id: string) =>
  (await platform.database.query<{ bytes: number }>(`select bytes from sessions where id = '${id}'`))[0]?.bytes;

describe('a rewound session', () => {
  it('goes on behind the message, and what came later stays as a branch', async () => {
    const { id, ids } = await talk('a', 'b', 'c');
    expect(await rewind(id, ids[0])).toMatchObject({ status: 200, body: { id } });
    const next = await caller.append(id, 'd');

    expect(next.parent_id).toBe(ids[0]);
    expect(await said(id)).toEqual(['a', 'd']);
    expect((await tree(id)).map((one) => [one.id, one.parent_id, one.in_conversation])).toEqual([
      [ids[0], null, true],
      [ids[1], ids[0], false],
      [ids[2], ids[1], false],
      [next.id, ids[0], true],
    ]);
  });

  it('goes on on any other branch, and on a new one before its first message', async () => {
    const { id, ids } = await talk('a', 'b', 'c');
    await rewind(id, ids[0]);
    await caller.append(id, 'd');
    await caller.append(id, 'e');
    await rewind(id, ids[2] ?? '');
    expect(await said(id)).toEqual(['a', 'b', 'c']);
    await rewind(id, ids[1] ?? '');
    await caller.append(id, 'f');
    expect(await said(id)).toEqual(['a', 'b', 'f']);
    await rewind(id, null);
    expect(await caller.append(id, 'g')).toMatchObject({ parent_id: null });
    expect(await said(id)).toEqual(['g']);
  });

  it('has room for what its conversation leaves, whatever is in its tree', async () => {
    const { id, ids } = await talk('a', 'b');
    const before = await bytesOf(id);
    const long = await caller.append(id, 'c'.repeat(1_000));
    const full = await bytesOf(id);
    await rewind(id, ids[1] ?? '');
    expect(await bytesOf(id)).toBe(before);
    await rewind(id, long.id);
    expect(await bytesOf(id)).toBe(full);
  });

  it('gives a model what is on its branch, and nothing of the others', async () => {
    const { id, ids } = await talk('a', 'b');
    await caller.append(id, 'Be brief.', 'system');
    await rewind(id, ids[0]);
    const { context, turnId, lease } = await caller.open(id, [user('c')]);
    expect(context).toEqual([user('a'), user('c')]);
    await caller.turn(turnId, 'complete', whole(lease));
    expect(await said(id)).toEqual(['a', 'c', 'Far.']);
  });

  it('loses nothing to who is reading it page by page', async () => {
    const { id, ids } = await talk('a', 'b', 'c', 'd');
    await rewind(id, ids[1] ?? '');
    await caller.append(id, 'e');
    await caller.append(id, 'f');
    const path = `/v1/sessions/${id}/messages?limit=3`;
    const first = await caller.ok<SessionMessagePage>('GET', path);
    await rewind(id, ids[3] ?? '');
    const rest = await caller.ok<SessionMessagePage>('GET', `${path}&cursor=${first.next_cursor}`);
    expect(rest.data.map((one) => one.id)).toEqual([ids[2], ids[3]]);
  });

  it.each([
    ['of another session', async () => (await talk('x')).ids[0]],
    ['that is not there', () => Promise.resolve(randomUUID())],
  ])('stays as it is when asked for a message %s', async (_, other) => {
    const { id } = await talk('a', 'b');
    expect(await rewind(id, await other())).toMatchObject(problem(404, 'message.not_found'));
    expect(await said(id)).toEqual(['a', 'b']);
  });
});

describe('the tree of a session', () => {
  it('is listed whole in pages of any size, a parent before its children', async () => {
    const { id, ids } = await talk('a', 'b', 'c');
    await rewind(id, ids[0]);
    await caller.ask(id, [user('d'), user('e')]);
    await rewind(id, ids[1] ?? '');
    const whole = await tree(id);
    expect(whole).toHaveLength(6);
    expect(await tree(id, 1)).toEqual(whole);
    expect(await tree(id, 4)).toEqual(whole);
    const seen = new Set<string | null>([null]);
    for (const one of whole) {
      expect(seen).toContain(one.parent_id);
      seen.add(one.id);
    }
  });

  it('takes no cursor of the conversation, nor the other way round', async () => {
    const { id } = await talk('a', 'b');
    for (const [one, other] of [
      ['branch=all', 'branch=conversation'],
      ['branch=conversation', 'branch=all'],
    ]) {
      const path = `/v1/sessions/${id}/messages?limit=1`;
      const { next_cursor: cursor } = await caller.ok<SessionMessagePage>('GET', `${path}&${one}`);
      expect(await caller.call('GET', `${path}&${other}&cursor=${cursor}`)).toMatchObject(
        problem(400, 'cursor.invalid'),
      );
    }
  });
});

describe('a fork', () => {
  it('has the conversation of its source under ids of its own, and both go on by themselves', async () => {
    const project = await caller.ok<{ id: string }>('POST', '/v1/projects', { name: 'A project' });
    const source = await caller.newSession({ name: 'Moon', model: 'a-model', project_id: project.id, tags: ['space'] });
    await caller.append(source.id, 'Be brief.', 'system');
    await caller.ask(source.id, [user('How far?')]);
    const before = await caller.messages(source.id);

    const forked = await fork(source.id);

    expect(forked).toMatchObject({
      ...{ name: 'Moon', model: 'a-model', project_id: project.id, tags: ['space'], status: 'active' },
      forked_from: { session_id: source.id, message_id: before.at(-1)?.id },
    });
    expect(await caller.ok('GET', `/v1/sessions/${forked.id}`)).toMatchObject(forked);
    const copies = await caller.messages(forked.id);
    const idOf = new Map(before.map(({ id }, index) => [id, copies[index]?.id]));
    expect(new Set([...idOf.keys(), ...idOf.values()]).size).toBe(2 * before.length);
    expect(copies).toEqual(
      before.map((one) => ({ ...one, id: idOf.get(one.id), parent_id: one.parent_id && idOf.get(one.parent_id) })),
    );
    expect(await bytesOf(forked.id)).toBe(await bytesOf(source.id));

    await caller.append(source.id, 'Here');
    const { context } = await caller.open(forked.id, [user('There')]);
    expect(context).toEqual([system('Be brief.'), user('How far?'), assistant('Far.'), user('There')]);
    expect(await said(source.id)).toEqual(['Be brief.', 'How far?', 'Far.', 'Here']);
  });

  it('begins at any message, of any branch, with a name of its own', async () => {
    const { id, ids } = await talk('a', 'b', 'c', 'd');
    await rewind(id, ids[0]);
    await caller.append(id, 'e');
    const forked = await fork(id, { message_id: ids[2], name: 'Elsewhere' });
    expect(forked).toMatchObject({ name: 'Elsewhere', forked_from: { session_id: id, message_id: ids[2] } });
    expect(await said(forked.id)).toEqual(['a', 'b', 'c']);
    expect((await fork(id, { message_id: ids[0] })).id).not.toBe(forked.id);
    expect(await said(id)).toEqual(['a', 'e']);
  });

  it('of an empty session is empty, and of an archived one is active', async () => {
    const { id } = await caller.newSession();
    await caller.ok('POST', `/v1/sessions/${id}/archive`);
    const forked = await fork(id);
    expect(forked).toMatchObject({ status: 'active', forked_from: { session_id: id, message_id: null } });
    expect(await said(forked.id)).toEqual([]);
  });

  it('outlives its source, and still says what it was', async () => {
    const { id, ids } = await talk('a');
    const forked = await fork(id);
    await caller.ok('DELETE', `/v1/sessions/${id}`);
    const origin = { session_id: id, message_id: ids[0] };
    expect(await caller.ok('GET', `/v1/sessions/${forked.id}`)).toMatchObject({ forked_from: origin });
    expect(await said(forked.id)).toEqual(['a']);
  });

  it('of a message that is not there is none, and leaves no session behind', async () => {
    const { id } = await talk('a');
    const body = { message_id: randomUUID(), name: `never ${id}` };
    expect(await caller.call('POST', `/v1/sessions/${id}/fork`, body)).toMatchObject(problem(404, 'message.not_found'));
    expect(await caller.ok('GET', `/v1/sessions?text=never ${id}`)).toMatchObject({ data: [] });
  });
});

describe('a cleared session', () => {
  it('has no row of what was said in it, on any branch, and goes on empty', async () => {
    const { id, ids } = await talk('a', 'b');
    await caller.ask(id, [user('?')]);
    await rewind(id, ids[0]);
    expect(await clear(id)).toMatchObject({ status: 200, body: { id, status: 'active' } });

    const tables = await platform.database.query<{ name: string }>(
      `select table_name as name from information_schema.columns where column_name = 'session_id' and table_schema = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(1);
    for (const { name } of tables)
      expect([name, await platform.database.query(`select 1 from ${name} where session_id = '${id}'`)]).toEqual([
        name,
        [],
      ]);
    expect(await tree(id)).toEqual([]);
    expect(await caller.append(id, 'c')).toMatchObject({ parent_id: null });
    expect(await said(id)).toEqual(['c']);
  });

  it('loses nothing that is said next to who is reading it page by page', async () => {
    const { id } = await talk('a', 'b', 'c');
    const path = `/v1/sessions/${id}/messages?limit=2`;
    const { next_cursor: cursor } = await caller.ok<SessionMessagePage>('GET', path);
    await clear(id);
    await caller.append(id, 'd');
    const { data } = await caller.ok<SessionMessagePage>('GET', `${path}&cursor=${cursor}`);
    expect(data).toMatchObject([{ content: [text('d')] }]);
  });
});

const bodies: Readonly<Record<string, object>> = { rewind: { message_id: null }, fork: {} };

it.each(['rewind', 'fork', 'clear'])(
  '%s waits for the end of a turn, and all but a fork for a restored session',
  async (step) => {
    const { id, turnId, lease } = await caller.openNew();
    await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
    const ask = () => caller.call('POST', `/v1/sessions/${id}/${step}`, bodies[step]);
    expect(await ask()).toMatchObject(problem(409, 'session.busy'));
    await caller.turn(turnId, 'complete', whole(lease));
    await caller.ok('POST', `/v1/sessions/${id}/archive`);
    expect(await ask()).toMatchObject(step === 'fork' ? { status: 201 } : problem(409, 'session.archived'));
    expect(await said(id)).toEqual(['?', 'Far.']);
    await caller.ok('POST', `/v1/sessions/${id}/restore`);
    expect((await ask()).status).toBeLessThan(300);
  },
);
