// Real: PostgreSQL, and the module as a service puts it together.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { HealthRegistry, KitModule, Metrics, Shutdown } from '@parley/service-kit';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { Database, PersistenceModule, SystemDatabase, unprotectedTables } from '../src/index.js';
import { Note, Notes1700000000001, ours } from './notes.js';

let testDb: TestDatabase;
beforeEach(async () => {
  testDb = await testDatabase();
});
afterEach(() => testDb.drop());

const compile = (owner: object) =>
  Test.createTestingModule({
    imports: [
      KitModule.forRoot({ info: { service: 'notes', version: '1', instance: 'one' } }),
      PersistenceModule.forRoot({
        config: {
          DATABASE_URL: testDb.appUrl,
          DATABASE_SYSTEM_URL: testDb.systemUrl,
          DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
          ...owner,
        },
        entities: [Note],
        migrations: [Notes1700000000001],
      }),
    ],
  }).compile();

it('migrates where an owner is given, serves both roles, is probed and measured, and closes on shutdown', async () => {
  const module = await compile({ DATABASE_OWNER_URL: testDb.ownerUrl });
  const database = module.get(Database);
  const system = module.get(SystemDatabase);

  await database.inTenant(ours, (tx) => tx.manager.save(Note, { tenant_id: ours, text: 'hello' }));

  expect(await system.query('select text from notes')).toEqual([{ text: 'hello' }]);
  expect(await unprotectedTables(system)).toEqual([]);
  expect(await module.get(HealthRegistry).report()).toMatchObject({ parts: { database: { status: 'ok' } } });
  expect(await module.get(Metrics).expose()).toMatch(/db_query_duration_seconds_count\{query_type="insert"\} 1/);
  const [activity] = await system.query<{ roles: string[] }>(
    `select array_agg(distinct usename::text order by usename::text) as roles
       from pg_stat_activity where application_name = 'parley-notes' and datname = current_database()`,
  );
  expect(activity?.roles).toEqual([`${testDb.name}_app`, `${testDb.name}_system`]);

  await module.get(Shutdown).run({ announceMs: 0, intakeMs: 0 });
  await expect(system.query('select 1')).rejects.toThrow();
});

it('leaves the tables alone where no owner is given', async () => {
  const module = await compile({});

  const tables = await module.get(SystemDatabase).query(`select 1 from pg_tables where schemaname = 'public'`);
  expect(tables).toEqual([]);

  await module.get(Shutdown).run({ announceMs: 0, intakeMs: 0 });
});
