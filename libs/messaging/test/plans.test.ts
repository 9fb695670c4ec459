// Real: PostgreSQL, with tables of the size that an outage or a busy week leaves behind.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { TestDatabase } from '@parley/testing';
import { deletion } from '../src/inbox/inbox-retention.js';
import { forget, take } from '../src/relay/statements.js';
import { eventsDatabase } from './service.js';

let database: TestDatabase;
let system: DataSource;

beforeAll(async () => {
  database = await eventsDatabase();
  system = await new DataSource({ type: 'postgres', url: database.systemUrl, installExtensions: false }).initialize();
  await system.query(`insert into outbox (id, type, tenant_id, traceparent, data)
    select gen_random_uuid(), 'test.note.noted.v1', gen_random_uuid(), '', '{}' from generate_series(1, 100000)`);
  await system.query(`insert into inbox (event_id, tenant_id, handled_at)
    select gen_random_uuid(), gen_random_uuid(), now() - n * interval '6 seconds' from generate_series(1, 100000) as n`);
  const owner = await new DataSource({
    type: 'postgres',
    url: database.ownerUrl,
    installExtensions: false,
  }).initialize();
  await owner.query('analyze outbox, inbox');
  await owner.destroy();
});
afterAll(async () => {
  await system.destroy();
  await database.drop();
});

const planOf = async (sql: string): Promise<string> => {
  const rows = await system.query<{ 'QUERY PLAN': string }[]>(`explain ${sql}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};

it.each([
  ['takes a batch', take.text],
  ['forgets a batch', forget.text.replace('$1', `'{1,2,3}'`)],
  ['sweeps the inbox', deletion],
])('%s by indexes, without reading the table', async (_, sql) => {
  expect(await planOf(sql)).not.toContain('Seq Scan');
});
