/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FoundMessages, Project } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { Client } from 'pg';
import { find, findAll, pathOf, sayAll, textOf } from './searching.js';
import {
  newPlatform,
  part,
  problem,
  text,
  user,
  type Caller,
  type Instance,
  type Platform,
} from './sessions-under-test.js';

let platform: Platform;
let instance: Instance;

beforeAll(async () => {
  platform = await newPlatform();
  instance = await platform.start();
}, 60_000);

afterAll(() => platform.stop());

describe('pages', () => {
  /** As if they had been said over the years, by SQL: `every` one in so many has the word. */
  async function archive(caller: Caller, count: number, apartS: number, words: string) {
    const { id } = await caller.newSession();
    await platform.database.query(
      `with m as (
        insert into messages (id, tenant_id, session_id, position, role, body, bytes, status, created_at)
        select gen_random_uuid(), $1, $2, n, 'user', '{"content":[]}', 526, 'complete', now() - n * $4 * interval '1 second'
        from generate_series(1, $3::int) n returning *)
      insert into message_texts (message_id, tenant_id, session_id, role, created_at, text)
      select id, tenant_id, session_id, role, created_at, $5 || repeat(' gull', 1 + position % 3) from m`,
      [caller.tenantId, id, count, apartS, words],
    );
  }

  async function readAll(
    caller: Caller,
    query: Readonly<Record<string, string>>,
    between?: (page: number) => Promise<unknown>,
  ) {
    const pages: FoundMessages[] = [];
    for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.next_cursor ?? null) {
      pages.push(await find(caller, { ...query, limit: '50', ...(cursor && { cursor }) }));
      await between?.(pages.length);
    }
    return pages;
  }

  it.each([
    ['a minute', 60],
    ['a week', 604_800],
    ['no time', 0],
  ])('have each match once, %s apart, the newest 500 ranked before the next', async (_, apartS) => {
    const caller = instance.caller();
    await archive(caller, 1_234, apartS, 'Seen');
    const pages = await readAll(caller, { q: 'gull' });

    const found = pages.flatMap(({ data }) => data);
    expect(new Set(found.map((one) => one.message_id)).size).toBe(1_234);
    expect(found).toHaveLength(1_234);
    const stretches = [found.slice(0, 500), found.slice(500, 1_000), found.slice(1_000)];
    for (const stretch of stretches) {
      const ranks = stretch.map(({ rank }) => rank);
      expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    }
    const times = stretches.map((stretch) => stretch.map((one) => one.created_at).toSorted());
    expect(new Set(pages.map((page) => page.ranked_since))).toEqual(new Set([times[0]?.[0], times[1]?.[0], null]));
    expect(times[1]?.at(-1)?.localeCompare(times[0]?.[0] ?? '')).toBeLessThanOrEqual(0);
  });

  it('have what is left alone once, whatever is said and deleted meanwhile', async () => {
    const caller = instance.caller();
    await archive(caller, 620, 3_600, 'Left alone');
    const { id } = await caller.newSession();
    const doomed = await sayAll(caller, 'A gull, a gull, doomed');
    await findAll(caller, { q: 'doomed' }, 1);
    const pages = await readAll(caller, { q: 'gull' }, async (page) => {
      await caller.append(id, `A new gull ${page}`);
      if (page === 2) await caller.ok('DELETE', `/v1/sessions/${doomed}`);
    });

    const left = pages.flatMap(({ data }) => data).filter((one) => textOf(one).startsWith('Left alone'));
    expect(left).toHaveLength(620);
    expect(new Set(left.map((one) => one.message_id)).size).toBe(620);
  });

  it('come to an end where what is common fits nowhere, and go on from there', async () => {
    const caller = instance.caller();
    await archive(caller, 12_000, 30, 'Common');
    const first = await find(caller, { q: 'gull', role: 'assistant' });
    expect(first).toMatchObject({ data: [], next_cursor: expect.any(String), ranked_since: expect.any(String) });

    expect((await readAll(caller, { q: 'gull', role: 'assistant' })).at(-1)).toEqual({
      data: [],
      next_cursor: null,
      ranked_since: null,
    });
  });

  it('of a project with few messages are complete at once, however common the words are elsewhere', async () => {
    const caller = instance.caller();
    const { id: project } = await caller.ok<Project>('POST', '/v1/projects', { name: 'Ours' });
    const { id } = await caller.newSession({ project_id: project });
    await caller.append(id, 'A gull of long ago');
    await findAll(caller, { q: 'gull' }, 1);
    for (const [table, key] of [
      ['messages', 'id'],
      ['message_texts', 'message_id'],
    ])
      await platform.database.query(
        `update ${table} set created_at = '2020-01-01' where ${key} in (select id from messages where session_id = $1)`,
        [id],
      );
    await archive(caller, 12_000, 30, 'Common');

    const { data, next_cursor } = await find(caller, { q: 'gull', project_id: project });
    expect([data.map(textOf), next_cursor]).toEqual([['A gull of long ago'], null]);
    expect((await find(caller, { q: 'gull', project_id: randomUUID() })).next_cursor).toBeNull();
  });

  it('are of one search', async () => {
    const caller = instance.caller();
    await archive(caller, 60, 60, 'Once');
    const { next_cursor: cursor } = await find(caller, { q: 'gull' });
    for (const query of [
      { q: 'gulls' },
      { q: 'gull', role: 'user' },
      { q: 'gull', created_after: '2020-01-01T00:00:00Z' },
    ])
      expect(await caller.call('GET', pathOf({ ...query, cursor: cursor ?? '' }))).toMatchObject(
        problem(400, 'cursor.invalid'),
      );
  });
});

it('what was said before there was a search is found once an instance has made it findable', async () => {
  const caller = instance.caller();
  const { id } = await caller.newSession();
  const { turnId, lease } = await caller.open(id, [user('?')]);
  await caller.turn(turnId, 'checkpoint', part(lease, [text('A grebe that is being spoken of')]));
  // The last ids of all, so that those of other tests are not gone through.
  const earlier = (n: string) => `('fffffffe-0000-4000-8000-' || lpad(${n}, 12, '0'))::uuid`;
  await platform.database.query(
    `with answer as (update messages set id = ${earlier(`'7'`)} where turn_id = $1 and role = 'assistant' returning id)
     update turns set lease_until = now() + interval '1 hour', answer_id = answer.id from answer where turns.id = $1`,
    [turnId],
  );
  await platform.database.query(
    `insert into messages (id, tenant_id, session_id, role, body, bytes, status)
     select ${earlier('n::text')}, $1, $2, 'user', json_build_object('content', json_build_array(
       json_build_object('type', 'text', 'text', 'An early grebe ' || n))), 560, 'complete' from generate_series(11, 260) n`,
    [caller.tenantId, id],
  );
  await platform.database.query(`insert into earlier_messages values (${earlier(`'0'`)})`);
  const another = await platform.start();

  await eventually(async () => expect(await platform.database.query('select from earlier_messages')).toEqual([]), {
    timeoutMs: 15_000,
  });
  expect((await find(caller, { q: 'grebe' })).data).toHaveLength(20);
  expect((await find(caller, { q: '"grebe 260"' })).data).toHaveLength(1);
  expect((await find(caller, { q: 'grebe being spoken of' })).data).toEqual([]);
  await another.stop();
}, 60_000);

describe('what is deleted', () => {
  it.each([
    ['DELETE', '', 204],
    ['POST', '/clear', 200],
  ])('by %s of a session%s is found no more, nor is a word of it kept', async (method, path, status) => {
    const caller = instance.caller();
    const id = await sayAll(caller, 'A stork', 'Another stork');
    await findAll(caller, { q: 'stork' }, 2);
    expect((await caller.call(method, `/v1/sessions/${id}${path}`)).status).toBe(status);

    expect((await find(caller, { q: 'stork' })).data).toEqual([]);
    expect(await platform.database.query(`select 1 from message_texts where session_id = '${id}'`)).toEqual([]);
  });
});

describe('isolation', () => {
  it('finds nothing of another tenant, by their project or with the cursor of their search', async () => {
    const [acme, globex] = [instance.caller(), instance.caller()];
    await sayAll(acme, 'Our secret spoonbill', 'Another spoonbill');
    await findAll(acme, { q: 'spoonbill' }, 2);
    const { next_cursor: cursor } = await find(acme, { q: 'spoonbill', limit: '1' });
    await sayAll(globex, 'Barrier');
    await findAll(globex, { q: 'barrier' }, 1);

    for (const more of [{}, { cursor: cursor ?? '' }, { role: 'user' }])
      expect((await find(globex, { q: 'spoonbill', ...more })).data).toEqual([]);
  });

  it('is of the permission, too', async () => {
    const stranger = instance.caller(randomUUID(), { permissions: ['sessions:write'] });
    expect(await stranger.call('GET', pathOf({ q: 'anything' }))).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('is kept by row-level security alone: without words, and in the scope of another tenant, no text is seen', async () => {
    const caller = instance.caller();
    await sayAll(caller, 'A lone avocet');
    await findAll(caller, { q: 'avocet' }, 1);
    const seen = async (tenantId: string, words: string, windowsOf: string) => {
      const client = new Client({ connectionString: platform.database.appUrl });
      await client.connect();
      try {
        await client.query('begin');
        await client.query(
          `select set_config('parley.tenant_id', $1, true), set_config('parley.words', $2, true),
            set_config('parley.windows', array[search_window($3, 0, now())]::text, true)`,
          [tenantId, words, windowsOf],
        );
        const { rows } = await client.query<{ text: string }>('select text from message_texts');
        const changed = await client.query('update message_texts set role = role');
        return [rows.length, changed.rowCount];
      } finally {
        await client.end();
      }
    };
    const stranger = randomUUID();
    expect(await seen(caller.tenantId, `'avocet'`, caller.tenantId)).toEqual([1, 1]);
    expect(await seen(caller.tenantId, '', caller.tenantId)).toEqual([0, 0]);
    expect(await seen(stranger, `'avocet'`, stranger)).toEqual([0, 0]);
    expect(await seen(stranger, `'avocet'`, caller.tenantId)).toEqual([0, 0]);
  });
});
