// Real: PostgreSQL, with 20,000 messages in 200 sessions of two tenants, and a turn for every other message.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { migrate } from '@parley/persistence';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { Client } from 'pg';
import { migrations } from '../src/migrations/index.js';
import { enterWords, enterWindow, few, look, lookAmong, show } from '../src/search/matches.repository.js';
import { anyId } from '../src/search/time-window.js';
import { statements } from '../src/stats/session-stats.repository.js';

const [tenant, session, project] = [randomUUID(), randomUUID(), randomUUID()];
const since = Date.UTC(2026, 0, 1) * 1_000;

let database: TestDatabase;
let app: Client;

beforeAll(async () => {
  database = await testDatabase(async (url) => {
    await migrate({ url, migrations });
  });
  await database.query(
    `insert into sessions (tenant_id, id) select case n % 2 when 0 then $1::uuid else $2 end,
      case n when 0 then $3::uuid else gen_random_uuid() end from generate_series(0, 199) n`,
    [tenant, randomUUID(), session],
  );
  await database.query(`insert into projects (tenant_id, id, name) values ($1, $2, 'Ours')`, [tenant, project]);
  await database.query('update sessions set project_id = $2 where id = $1', [session, project]);
  // A minute apart.
  await database.query(
    `insert into messages (id, tenant_id, session_id, turn_id, position, role, body, bytes, status, tokens, created_at)
     select gen_random_uuid(), tenant_id, id, gen_random_uuid(), n, case n % 2 when 0 then 'user' else 'assistant' end, '{"content":[]}', 526, 'complete',
       '{"input":1,"output":1,"cache_read":0,"cache_write":0,"reasoning":0}',
       to_timestamp($1::float8 / 1000000) + (row_number() over (order by n, id) * interval '1 minute')
     from sessions, generate_series(1, 100) n`,
    [since],
  );
  await database.query(
    `insert into message_texts (message_id, tenant_id, session_id, role, created_at, text)
     select id, tenant_id, session_id, role, created_at, 'common words of message ' || position || ' in ' || session_id from messages`,
  );
  await database.query(
    `insert into turns (tenant_id, id, session_id, status, model, request_id, lease_hashes, lease_until, answer_id, ended_at)
     select tenant_id, turn_id, session_id, 'completed', 'm', 'r', '{}', now(), id, now() from messages where role = 'assistant'`,
  );
  await database.query(
    `insert into message_tools (message_id, tenant_id, name, calls) select id, tenant_id, 'tool', 1 from messages where role = 'assistant'`,
  );
  await database.query('analyze');
  app = new Client({ connectionString: database.appUrl });
  await app.connect();
  await app.query(`select set_config('parley.tenant_id', $1, false)`, [tenant]);
}, 60_000);

afterAll(async () => {
  await app.end();
  await database.drop();
});

/** In a search for the words, in the window of so many microseconds. */
async function planOf(text: string, params: readonly unknown[], words = 'common', level = 36): Promise<string> {
  await app.query('begin');
  await app.query(enterWords.text, [words, null, null]);
  await app.query(enterWindow.text, [tenant, level, since + 2 ** 38]);
  const { rows } = await app.query<{ 'QUERY PLAN': string }>(`explain analyze ${text}`, [...params]);
  await app.query('rollback');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** As the index answered. */
const rowsFound = (plan: string) => Number(/Bitmap Index Scan on message_texts_by_word.*rows=(\d+)/.exec(plan)?.[1]);

it.each([
  ['a common word in a window of time', 'common', 36, 573],
  ['a rare one in all of time', '37', 0, 100],
  ['a rare one in a window of time', '23', 36, 100],
])('under row-level security the index alone finds %s', async (_, words, level, messages) => {
  const plan = await planOf(look.text, [words, tenant, 0, since * 2, anyId, null, null, 501], words, level);
  expect(plan).not.toContain('Seq Scan');
  expect(rowsFound(plan)).toBeGreaterThan(messages / 2);
  expect(rowsFound(plan)).toBeLessThan(messages * 2);
});

it('in a project with few messages each is found by its key', async () => {
  const { rows } = await app.query<{ id: string }>('select id from messages order by created_at limit 20');
  const asked = ['common', tenant, 0, since * 2, anyId, null, session, 501, rows.map(({ id }) => id)];
  expect(await planOf(lookAmong.text, asked, 'common', 0)).toContain('message_texts_pkey');
  const plan = await planOf(few.text, [tenant, project]);
  expect(plan).toContain('messages_in_order');
  expect(plan).not.toContain('Seq Scan on messages');
});

it('what is shown is found by its key', async () => {
  const { rows } = await app.query<{ id: string }>('select id from messages order by created_at limit 20');
  const plan = await planOf(show.text, [tenant, 'common', rows.map(({ id }) => id)], 'common', 0);
  expect(plan).toContain('message_texts_pkey');
  expect(plan).not.toContain('Seq Scan on message');
});

it.each(Object.entries(statements))('the stats of a session (%s) are found by index', async (_, text) => {
  const plan = await planOf(text, [tenant, session]);
  expect(plan).not.toContain('Seq Scan');
});
