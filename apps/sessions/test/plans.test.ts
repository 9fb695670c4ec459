// Real: PostgreSQL, with 200,000 messages in 4,000 sessions of 40 tenants, 5,000 more in the one that is read.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { encodeCursor, sessionsQuery } from '@parley/contracts';
import { migrate } from '@parley/persistence';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { Client } from 'pg';
import { copy, rewind } from '../src/branches/branches.repository.js';
import { newestTurn, nextTurn, oneTurn } from '../src/live/live.repository.js';
import { findKeys, oldKeys } from '../src/messages/append-keys.repository.js';
import { reads } from '../src/messages/messages.repository.js';
import { migrations } from '../src/migrations/index.js';
import { deleteOld } from '../src/retention/old-sessions.js';
import { settleIdle } from '../src/sessions/idle-sessions.js';
import { listing } from '../src/sessions/session-listing.js';
import { lockFree, move } from '../src/sessions/sessions.repository.js';
import { newest as newestSummary } from '../src/summaries/summaries.repository.js';
import { findExpired } from '../src/turns/expired-turns.js';
import { inOrder } from '../src/turns/turn-queue.repository.js';
import { add } from '../src/turns/turns.repository.js';

const [tenant, session, project] = [randomUUID(), randomUUID(), randomUUID()];

let database: TestDatabase;
let app: Client;
let system: Client;

beforeAll(async () => {
  database = await testDatabase(async (url) => {
    await migrate({ url, migrations });
  });
  await database.query(
    `insert into projects (tenant_id, id, name) select md5(t::text)::uuid, md5('p' || t || n)::uuid, 'A project'
     from generate_series(1, 39) t, generate_series(1, 5) n`,
  );
  await database.query(`insert into projects (tenant_id, id, name) values ($1, $2, 'Ours')`, [tenant, project]);
  // The hundred sessions of the tenant that asks are two and a half in a hundred of all.
  await database.query(
    `insert into sessions (tenant_id, id, project_id, next_position, updated_at, name)
     select case when n % 40 = 0 then $1::uuid else md5((n % 40)::text)::uuid end,
       case when n = 40 then $2::uuid else gen_random_uuid() end,
       case when n % 40 = 0 and n % 400 = 0 then $3::uuid when n % 40 > 0 then md5('p' || n % 40 || 1 + n % 5)::uuid end, 50,
       now() - n * interval '1 minute', md5(n::text)
     from generate_series(1, 4000) n`,
    [tenant, session, project],
  );
  await database.query(
    `insert into messages (id, tenant_id, session_id, position, role, body, bytes, status)
     select gen_random_uuid(), tenant_id, id, n, 'user', '{"content":[]}', 526, 'complete'
     from sessions, generate_series(1, case when id = $1 then 5050 else 50 end) n`,
    [session],
  );
  await database.query(
    `insert into append_keys (tenant_id, session_id, key, request_hash, message_id, created_at)
     select tenant_id, session_id, 'k' || position, 'hash', id, now() - position * interval '40 minutes'
     from messages where position <= 40`,
  );
  await database.query(
    `insert into summaries (tenant_id, session_id, until_message_id, text, messages, model, tokens)
     select tenant_id, session_id, id, 'Short.', 40, 'm', '{}' from messages where position in (20, 40)`,
  );
  await database.query(
    `insert into turns (tenant_id, id, session_id, status, model, request_id, lease_hashes, lease_until, ended_at)
     select tenant_id, gen_random_uuid(), id, case n when 1 then 'open' else 'completed' end, 'm', 'r', '{}',
       now() + n * interval '1 hour', case n when 1 then null else now() end
     from sessions, generate_series(1, 10) n`,
  );
  await database.query(
    `insert into turn_queue (tenant_id, session_id, turn_id, lease_hash, subject)
     select tenant_id, id, gen_random_uuid(), md5(n::text), gen_random_uuid() from sessions, generate_series(1, 2) n`,
  );
  // Enough that reading a page in order pays.
  await database.query(
    `insert into sessions (tenant_id, id, updated_at, name, project_id, tags)
     select $1, gen_random_uuid(), now() - n * interval '1 minute', md5(n::text), case n % 2 when 0 then $2::uuid end,
       array['tag' || n % 2, 'rare' || n % 500]
     from generate_series(1, 5000) n`,
    [tenant, project],
  );
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
  app = new Client({ connectionString: database.appUrl });
  system = new Client({ connectionString: database.systemUrl });
  await Promise.all([app.connect(), system.connect()]);
  await app.query(`select set_config('parley.tenant_id', $1, false)`, [tenant]);
}, 60_000);

afterAll(async () => {
  await Promise.all([app.end(), system.end()]);
  await database.drop();
});

async function planOf(client: Client, text: string, params: readonly unknown[]): Promise<string> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...params]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const limits = [50, 4 << 20];

it.each([
  ['the conversation of a turn', reads.conversation, [], 'messages_in_order'],
  ['the newest messages', reads.newest, limits, 'messages_in_order'],
  ['a page of messages', reads.page, [...limits, 20], 'messages_in_order'],
])('%s is found by its index', async (_, text, params, index) => {
  const plan = await planOf(app, text, [tenant, session, ...params]);
  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});

it.each([
  ['the newest messages', reads.newest, limits],
  ['a page', reads.page, [...limits, 20]],
])('%s of a long conversation: the rest of it is neither read nor sorted', async (_, text, params) => {
  const [above, below] = (await planOf(app, text, [tenant, session, ...params])).split('WindowAgg');
  expect(above).toContain('Limit');
  expect(below).toContain('Index Scan');
  expect(below).not.toContain('Sort');
});

it.each([
  ['newest first', {}, 'sessions_pkey', ''],
  ['of a project', { project_id: project }, 'sessions_by_project', ''],
  ['last changed first', { sort: '-updated' }, 'sessions_by_update', '2026-01-01T00:00:00.000000Z'],
  ['changed in a time', { sort: 'updated', updated_after: '2026-01-01T00:00:00Z' }, 'sessions_by_update', null],
  ['by name', { sort: 'name' }, 'sessions_by_name', 'a name'],
])('a list of sessions %s is read by its index, from the start and behind a cursor', async (_, asked, index, key) => {
  const query = sessionsQuery.parse({ ...asked });
  const cursors = key === null ? [undefined] : [undefined, encodeCursor([query.sort, key, session])];
  for (const cursor of cursors) {
    const { text, params } = listing(tenant, { ...query, cursor });
    const plan = await planOf(app, text, params);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
    // What there is of a sort is of the rows of one minute.
    expect(plan).not.toMatch(/(?<!Incremental )Sort {2}\(/);
  }
});

it.each([
  ['of a status', { status: 'archived' }, ['sessions_by_status']],
  ['of a model', { model: 'a-model' }, ['sessions_by_model']],
  ['with a rare tag', { tag: 'rare7' }, ['session_tags_by_tag', 'sessions_pkey']],
  ['with two of them', { tag: ['rare7', 'tag1'] }, ['session_tags_by_tag', 'sessions_pkey']],
])('a list of sessions %s, which few have, reads no others', async (_, asked, indexes) => {
  const { text, params } = listing(tenant, sessionsQuery.parse(asked));
  const plan = await planOf(app, text, params);
  for (const index of indexes) expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});

it('a list of sessions with a tag that many have is read in its order until the page is full', async () => {
  const { text, params } = listing(tenant, sessionsQuery.parse({ tag: 'tag1' }));
  expect(await planOf(app, text, params)).not.toMatch(/Sort/);
});

it('a list of sessions made in a time reads no others', async () => {
  const asked = { created_after: '2026-01-01T00:00:00Z', created_before: '2026-02-01T00:00:00Z' };
  const { text, params } = listing(tenant, sessionsQuery.parse(asked));
  expect(await planOf(app, text, params)).toMatch(/sessions_pkey.*\n *Index Cond: .*id >= .*id <= /);
});

it('a turn finds what the last answer took from the end of the conversation', async () => {
  const [turn, asked] = [randomUUID(), ['m', 'r', null, 'h', 15_000, randomUUID(), null, 'openai', true, 7]];
  const plan = await planOf(app, add.text, [tenant, turn, session, ...asked]);
  expect(plan).toContain('Index Scan Backward using messages_in_order');
});

it('a turn finds its session’s summaries, and where their messages stand, by their keys', async () => {
  const plan = await planOf(app, newestSummary.text, [tenant, session]);
  expect(plan).toContain('summaries_by_session');
  expect(plan).toContain('messages_pkey');
  expect(plan).not.toContain('Seq Scan');
});

it.each([
  ['the newest', newestTurn, [], 'turns_in_order'],
  ['one', oneTurn, [randomUUID()], 'turns_pkey'],
  ['the next', nextTurn, [randomUUID()], 'turns_in_order'],
])(
  '%s of a session’s turns is found for its readers by an index, and its answer by its key',
  async (_, text, params, index) => {
    const plan = await planOf(app, text, [tenant, session, ...params]);
    expect(plan).toContain(index);
    expect(plan).toContain('messages_pkey');
    expect(plan).not.toContain('Seq Scan');
  },
);

it('those that wait for a session are read in order by their index', async () => {
  const plan = await planOf(app, inOrder.text, [tenant, session, 60_000]);
  expect(plan).toContain('turn_queue_in_order');
  expect(plan).not.toContain('Seq Scan');
});

it('the timer finds idle sessions in the index of the active ones, least recently used first', async () => {
  const plan = await planOf(system, settleIdle, [1_800]);
  expect(plan).toContain('sessions_by_activity');
  expect(plan).not.toContain('Sort');
});

it('the timer finds what is too old of a tenant in the index of last changes', async () => {
  const plan = await planOf(system, deleteOld, [tenant, 1]);
  expect(plan).toContain('sessions_by_update');
  expect(plan).not.toContain('Seq Scan on sessions');
});

it.each([
  ['a page of every branch', reads.tree, [...limits, 4_000, randomUUID()]],
  ['a way back to a message', rewind, [randomUUID(), 6_000]],
  ['a copy of the way to a message', copy, [randomUUID(), randomUUID()]],
])('%s is found by the session and by the key of each message', async (_, text, params) => {
  const plan = await planOf(app, text, [tenant, session, ...params]);
  expect(plan).toMatch(/messages_in_order[^]*messages_pkey|messages_pkey[^]*messages_in_order/);
  expect(plan).not.toContain('Seq Scan on messages');
});

it('a key is found by itself, with its message, and the retention finds the oldest ones', async () => {
  const plan = await planOf(system, findKeys.text, [[tenant], [session], ['k1']]);
  expect(plan).toContain('append_keys_pkey');
  expect(plan).toContain('messages_pkey');
  expect(await planOf(system, oldKeys(10), [])).toContain('append_keys_by_age');
});

it('an append finds the sessions of its batch by their key', async () => {
  const keys = [[tenant], [session]];
  for (const plan of [
    await planOf(system, lockFree.text, keys),
    await planOf(system, move.text, [...keys, [null], [51], [0], [0], [null]]),
  ]) {
    expect(plan).toContain('sessions_pkey');
    expect(plan).not.toContain('Seq Scan on sessions');
  }
});

it('a message writes to no index but in the first of a minute', async () => {
  const keys = [[tenant], [session], [null], [51], [0], [0], [null]];
  await system.query('begin');
  for (let message = 0; message < 3; message++) await system.query(move.text, keys);
  const { rows } = await system.query(
    `select n_tup_upd::int as all, n_tup_hot_upd::int as hot from pg_stat_xact_user_tables where relname = 'sessions'`,
  );
  await system.query('rollback');
  expect(rows).toEqual([{ all: 3, hot: 2 }]);
});

it('the sweeper finds expired turns in the index of the open ones', async () => {
  const plan = await planOf(system, findExpired, ['-infinity', randomUUID()]);
  expect(plan).toContain('turns_by_lease');
  expect(plan).not.toContain('Sort');
});
