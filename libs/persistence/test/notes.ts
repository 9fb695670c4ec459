import { migrate } from '../src/migrate.js';
import { tenantTable } from '../src/row-security.js';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { Column, Entity, PrimaryGeneratedColumn, type MigrationInterface, type QueryRunner } from 'typeorm';

@Entity('notes')
export class Note {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  tenant_id!: string;

  @Column('text')
  text!: string;
}

/** A table of tenants' rows, for these tests. */
export class Notes1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table notes (
        id uuid primary key default gen_random_uuid(), tenant_id uuid not null, text text not null unique, secret_hash text
      )`);
    await tenantTable(runner, 'notes', { lookups: { credential_hash: 'secret_hash' } });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notes');
  }
}

export const ours = '0198c0de-0000-4000-8000-000000000001';
export const theirs = '0198c0de-0000-4000-8000-000000000002';

export const notesDatabase = (): Promise<TestDatabase> =>
  testDatabase(async (url) => {
    await migrate({ url, migrations: [Notes1700000000001] });
  });
