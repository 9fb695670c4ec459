// Real: PostgreSQL, a fresh database per test.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrate, revertMigrations } from '../src/migrate.js';
import { Notes1700000000001 } from './notes.js';

let testDb: TestDatabase;
beforeEach(async () => {
  testDb = await testDatabase();
});
afterEach(() => testDb.drop());

class Slow1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table slow as select 1 as one from pg_sleep(0.2)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table slow');
  }
}

class Failing1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table half ()');
    await runner.query('select 1 / 0');
  }
  async down(): Promise<void> {
    // Never reached: it has nothing to undo.
  }
}

const tables = async (): Promise<string[]> => {
  const dataSource = new DataSource({ type: 'postgres', url: testDb.ownerUrl, installExtensions: false });
  await dataSource.initialize();
  const rows = await dataSource.query<{ name: string }[]>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migrations' order by 1`,
  );
  await dataSource.destroy();
  return rows.map(({ name }) => name);
};

it('runs each migration once when instances start together', async () => {
  const options = { url: testDb.ownerUrl, migrations: [Notes1700000000001, Slow1700000000002] };

  const ran = await Promise.all([migrate(options), migrate(options), migrate(options)]);

  expect(ran.flat()).toEqual(['Notes1700000000001', 'Slow1700000000002']);
  expect(await tables()).toEqual(['notes', 'slow']);
});

it('undoes as many as it is told, newest first, and everything by default', async () => {
  const options = { url: testDb.ownerUrl, migrations: [Notes1700000000001, Slow1700000000002] };
  await migrate(options);

  await revertMigrations(options, 1);
  expect(await tables()).toEqual(['notes']);
  await migrate(options);
  await revertMigrations(options);
  expect(await tables()).toEqual([]);
});

it('keeps nothing of a migration that fails, all of those before it, and gives the lock back', async () => {
  const migrations = [Notes1700000000001, Failing1700000000003];
  await expect(migrate({ url: testDb.ownerUrl, migrations })).rejects.toThrow('division by zero');

  expect(await tables()).toEqual(['notes']);
  expect(await migrate({ url: testDb.ownerUrl, migrations: [Notes1700000000001] })).toEqual([]);
});
