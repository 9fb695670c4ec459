import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { quiet } from './quiet-logger.js';
import type { Tls } from './tls.js';

/** Held by whoever migrates, so that instances that start together run each migration once. */
const lockKey = "hashtext('parley.migrations')";

export interface MigrateOptions {
  /** The owner role's address. */
  readonly url: string;
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly tls?: Tls;
}

/** Runs what has not run yet, each in its own transaction, under a lock; returns their names. */
export function migrate(options: MigrateOptions): Promise<string[]> {
  return underLock(options, async (dataSource) => {
    const ran = await dataSource.runMigrations({ transaction: 'each' });
    return ran.map((migration) => migration.name);
  });
}

/** Undoes the last `steps` migrations, newest first, under the same lock. */
export function revertMigrations(options: MigrateOptions, steps = options.migrations.length): Promise<void> {
  return underLock(options, async (dataSource) => {
    for (let step = 0; step < steps; step++) await dataSource.undoLastMigration({ transaction: 'each' });
  });
}

async function underLock<T>(options: MigrateOptions, fn: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const { url, migrations, tls: ssl = false } = options;
  const lock = new pg.Client({ connectionString: url, ssl, application_name: 'parley-migrations' });
  // The loss of the lock's connection is told by the statements; without a listener it would end the process.
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await lock.query(`select pg_advisory_lock(${lockKey})`);
    const dataSource = new DataSource({
      type: 'postgres',
      driver: pg,
      url,
      ssl,
      poolSize: 1,
      installExtensions: false,
      logger: quiet,
      migrations: [...migrations],
    });
    await dataSource.initialize();
    try {
      return await fn(dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}
