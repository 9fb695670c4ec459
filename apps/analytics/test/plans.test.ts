// Real: PostgreSQL, with a ledger of 200,000 records and a hundredth of them one tenant's.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usageQuery } from '@parley/contracts';
import { migrate } from '@parley/persistence';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { Client } from 'pg';
import { migrations } from '../src/migrations/index.js';
import { pageStatement, totalStatement, type Statement } from '../src/report/breakdown.js';
import {
  lateRecords,
  oldDeletedSessions,
  oldToolInvocations,
  oldUsageRecords,
} from '../src/retention/ledger-retention.js';
import { toolUsageBreakdown } from '../src/tools/tool-usage-breakdown.js';
import { usageBreakdown } from '../src/usage/usage-breakdown.js';

const tenant = randomUUID();
const [session, project, query] = [randomUUID(), randomUUID(), randomUUID()];
const year = { from: '2025-12-01', to: '2026-11-30' };
const march = { from: '2026-03-01', to: '2026-03-31' };

let database: TestDatabase;
let app: Client;

beforeAll(async () => {
  database = await testDatabase(async (url) => {
    await migrate({ url, migrations });
  });
  // A hundred tenants; of each one's calls one in four belongs to a session and a project, one in nine to a query.
  await database.query(
    `insert into usage_records
     select gen_random_uuid(), case when n % 100 = 0 then $1::uuid else md5((n % 100)::text)::uuid end,
       timestamptz '2026-11-30' - n * interval '150 seconds', 'r', gen_random_uuid(), null, 'openai', 'p', 'm' || n % 7, 'm',
       false, 'completed', false, 1, 1, 1, 1, 1, 1,
       case when n / 100 % 4 = 0 then md5((n / 4000)::text)::uuid end,
       case when n / 100 % 4 = 0 then md5((n / 40000)::text)::uuid end,
       case when n / 100 % 9 = 0 then md5((n / 900)::text)::uuid end
     from generate_series(1, 200000) as n`,
    [tenant],
  );
  await database.query(
    `insert into tool_invocations select id, tenant_id, occurred_at, 'a.b', null, 'succeeded', 1 from usage_records`,
  );
  await database.query(
    `insert into usage_daily
     select tenant_id, occurred_at::date, model, md5((extract(hour from occurred_at))::text)::uuid, count(*), 1, 1, 1, 1, 1
     from usage_records group by 1, 2, 3, 4`,
  );
  await database.query(
    `insert into tool_daily
     select tenant_id, occurred_at::date, 'a.' || model, md5((extract(hour from occurred_at))::text)::uuid, 10, 1, 0, 1, 1
     from usage_records group by 1, 2, 3, 4`,
  );
  await database.query(
    `insert into deleted_sessions select gen_random_uuid(), $1, timestamptz '2026-11-30' - n * interval '1 minute'
     from generate_series(1, 40000) as n`,
    [tenant],
  );
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
  app = new Client({ connectionString: database.appUrl });
  await app.connect();
  await app.query(`select set_config('parley.tenant_id', $1, false)`, [tenant]);
}, 60_000);
afterAll(async () => {
  await app.end();
  await database.drop();
});

interface Plan {
  readonly 'QUERY PLAN': string;
}
const planOf = async ({ text, params }: Statement): Promise<string> =>
  (await app.query<Plan>(`explain ${text}`, [...params])).rows.map((row) => row['QUERY PLAN']).join('\n');

describe('a report reads by an index, not the table', () => {
  it.each([
    ['the default, over a year', year, {}, 'usage_daily_key'],
    ['by session, of a month', march, { group_by: 'session_id' }, 'usage_records_tenant'],
    ['by project and day, of a month', march, { group_by: 'project_id,day' }, 'usage_records_tenant'],
    ['of one session, over a year', year, { session_id: session }, 'usage_records_session_id'],
    ['of one project, over a year', year, { project_id: project }, 'usage_records_project_id'],
    ['of one expert query, over a year', year, { expert_query_id: query }, 'usage_records_expert_query_id'],
  ])('%s', async (_, range, asked, index) => {
    const breakdown = usageBreakdown(tenant, range, usageQuery.parse(asked));
    for (const statement of [totalStatement(breakdown), pageStatement(breakdown, { limit: 100 })]) {
      const plan = await planOf(statement);
      expect(plan).not.toContain('Seq Scan');
      expect(plan).toContain(index);
    }
  });

  it('the next page, behind a cursor', async () => {
    const breakdown = usageBreakdown(tenant, march, usageQuery.parse({ group_by: 'session_id,day' }));
    const plan = await planOf(pageStatement(breakdown, { limit: 100, after: [session, '2026-03-02'] }));
    expect(plan).not.toContain('Seq Scan');
  });

  it('of tools, of a month', async () => {
    const breakdown = toolUsageBreakdown(tenant, march, { limit: 100 });
    expect(await planOf(pageStatement(breakdown, { limit: 100 }))).not.toContain('Seq Scan');
  });
});

it.each([
  ['old usage', oldUsageRecords, [400]],
  ['old invocations', oldToolInvocations, [400]],
  ['late records', lateRecords, []],
  ['old deleted sessions', oldDeletedSessions, []],
])('a sweep finds %s by an index', async (_, text, params) => {
  const system = new Client({ connectionString: database.systemUrl });
  await system.connect();
  try {
    const { rows } = await system.query<Plan>(`explain ${text}`, params);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(/Seq Scan on (usage_records|tool_invocations)/);
  } finally {
    await system.end();
  }
});
