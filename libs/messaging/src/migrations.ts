import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

type Migration = new () => MigrationInterface;

/** The table of events that wait for the relay. `timestamp`, 13 digits, orders it among the service's migrations. */
export function outboxMigration(timestamp: number): Migration {
  return class implements MigrationInterface {
    readonly name = `Outbox${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`
        create table outbox (
          position    bigint generated always as identity primary key,
          id          uuid not null,
          type        text not null,
          tenant_id   uuid not null,
          occurred_at timestamptz not null default now(),
          traceparent text not null,
          data        text not null,
          bytes       int generated always as (octet_length(data)) stored
        ) with (
          -- Rows live for milliseconds: vacuum by number of dead rows, so that the relay does not read through them.
          autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0
        )`);
      await tenantTable(runner, 'outbox');
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query('drop table outbox');
    }
  };
}

/**
 * How many entries a list has, by which the relay joins lists; null, as an earlier release writes it, is never joined.
 * Data is stored as it is: to compress what lives for milliseconds takes a third of its insertion.
 */
export function outboxEntriesMigration(timestamp: number): Migration {
  return class implements MigrationInterface {
    readonly name = `OutboxEntries${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query('alter table outbox add column entries int, alter column data set storage external');
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query('alter table outbox drop column entries, alter column data set storage extended');
    }
  };
}

/** The table of events that were handled, kept for seven days. */
export function inboxMigration(timestamp: number): Migration {
  return class implements MigrationInterface {
    readonly name = `Inbox${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`
        create table inbox (
          event_id   uuid primary key,
          tenant_id  uuid not null,
          handled_at timestamptz not null default now()
        )`);
      await runner.query('create index inbox_handled_at on inbox (handled_at)');
      await tenantTable(runner, 'inbox');
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query('drop table inbox');
    }
  };
}
