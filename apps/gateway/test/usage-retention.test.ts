// Real: PostgreSQL, with 200,000 records for the plan.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { migrate, type SystemDatabase } from '@parley/persistence';
import { Shutdown, silentLog, systemClock } from '@parley/service-kit';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { Client } from 'pg';
import { v7 as uuid } from 'uuid';
import { migrations } from '../src/migrations/index.js';
import { deletion, lowestUuid, UsageDays, UsageRetention } from '../src/usage/usage-retention.js';

const dayMs = 86_400_000;

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase(async (url) => {
    await migrate({ url, migrations });
  });
});
afterAll(() => database.drop());

const insert = (ids: readonly string[]) =>
  database.query(
    `insert into usage_records (id, tenant_id, occurred_at, record) select id, $2, now(), '{}' from unnest($1::uuid[]) as id`,
    [ids, randomUUID()],
  );
/** The sweep asks its database for nothing but `query`. */
const system = () =>
  ({ query: (sql: string, params: unknown[]) => database.query(sql, params) }) as unknown as SystemDatabase;

it('records go after 30 days, and not a day before', async () => {
  const [old, fresh] = [31, 29].map((days) => uuid({ msecs: Date.now() - days * dayMs }));
  await insert([old ?? '', fresh ?? '']);
  const shutdown = new Shutdown(systemClock, silentLog);
  const sut = new UsageRetention(new UsageDays(30), system(), systemClock, silentLog, shutdown);

  expect(await sut.sweep()).toBe(1);

  expect(await database.query('select id from usage_records')).toEqual([{ id: fresh }]);
});

it('a batch is found by the primary key, without reading the table', async () => {
  await insert(Array.from({ length: 200_000 }, (_, i) => uuid({ msecs: Date.now() - i * 60_000 })));
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('analyze usage_records');
  await owner.end();

  const plan = await database.query<Record<string, string>>(`explain ${deletion}`, [
    lowestUuid(Date.now() - 30 * dayMs),
  ]);

  const text = plan.flatMap((row) => Object.values(row)).join('\n');
  expect(text).not.toContain('Seq Scan');
  expect(text).toContain('usage_records_pkey');
});
