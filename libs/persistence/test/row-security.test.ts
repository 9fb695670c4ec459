// Real: PostgreSQL, its catalogue read as the owner.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { DataSource } from 'typeorm';
import { tenantTable, unprotectedTables } from '../src/row-security.js';

let testDb: TestDatabase;
let owner: DataSource;

beforeAll(async () => {
  testDb = await testDatabase();
  owner = await new DataSource({ type: 'postgres', url: testDb.ownerUrl, installExtensions: false }).initialize();
});
afterAll(async () => {
  await owner.destroy();
  await testDb.drop();
});

/** What the catalogue check says after these statements, in a transaction that is rolled back. */
async function problemsAfter(...statements: readonly string[]): Promise<string[]> {
  const runner = owner.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query('create table things (id uuid primary key, tenant_id uuid not null)');
    for (const statement of statements) await runner.query(statement);
    if (statements.length === 0) await tenantTable(runner, 'things');
    return await unprotectedTables(runner);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

const enabled = 'alter table things enable row level security';
const forced = 'alter table things force row level security';
const byTenant = `create policy tenant on things using (tenant_id = current_setting('parley.tenant_id')::uuid)`;

it('finds nothing wrong with what tenantTable made', async () => {
  expect(await problemsAfter()).toEqual([]);
});

it.each([
  ['that has no row security', ['select 1'], 'row security is not enabled'],
  ['whose owner is exempt', [enabled, byTenant], 'row security is not forced'],
  ['without a policy', [enabled, forced], 'no policy by tenant'],
  [
    'with a policy on something else',
    [enabled, forced, 'create policy p on things using (id is not null)'],
    'no policy by tenant',
  ],
  [
    'that a second policy opens to all',
    [enabled, forced, byTenant, 'create policy p on things using (true)'],
    'a policy does not depend on the scope',
  ],
])('finds a table %s', async (_, statements, problem) => {
  expect(await problemsAfter(...statements)).toEqual([`public.things: ${problem}`]);
});

it('leaves a table without tenant_id alone', async () => {
  expect(await problemsAfter('alter table things drop column tenant_id')).toEqual([]);
});

it('shows the owner no rows either, unless it says whose', async () => {
  const runner = owner.createQueryRunner();
  await runner.startTransaction();
  await runner.query('create table things (id int, tenant_id uuid not null)');
  await runner.query(`insert into things values (1, gen_random_uuid())`);
  await tenantTable(runner, 'things');

  expect(await runner.query('select * from things')).toEqual([]);

  await runner.rollbackTransaction();
  await runner.release();
});

it('protects a table whose tenant is its own id', async () => {
  const runner = owner.createQueryRunner();
  const id = '0198c0de-0000-4000-8000-000000000001';
  await runner.startTransaction();
  await runner.query('create table tenants (id uuid primary key)');
  await runner.query(`insert into tenants values ($1), (gen_random_uuid())`, [id]);
  await tenantTable(runner, 'tenants', { tenantColumn: 'id' });
  await runner.query(`select set_config('parley.tenant_id', $1, true)`, [id]);

  expect(await runner.query('select id from tenants')).toEqual([{ id }]);

  await runner.rollbackTransaction();
  await runner.release();
});
