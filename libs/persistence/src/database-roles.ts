import type { Log, Metrics } from '@parley/service-kit';
import type { DataSource } from 'typeorm';
import type { DatabaseConfig } from './config.js';
import { openDataSource, poolOf, type PoolOptions } from './data-source.js';
import { Database } from './database.js';
import { translateError } from './database-errors.js';
import type { QueryObserver } from './measured-client.js';
import { migrate, type MigrateOptions } from './migrate.js';
import { measurePools, queryHistogram } from './pool-metrics.js';
import { poolSize } from './pool-size.js';
import { awaitServer } from './server-limits.js';
import { SystemDatabase } from './system-database.js';
import { tlsOptions } from './tls.js';
import { TransactionRunner } from './transaction-runner.js';

export interface OpenOptions {
  readonly config: DatabaseConfig;
  readonly entities: PoolOptions['entities'];
  readonly migrations: MigrateOptions['migrations'];
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Statements that succeeded this recently prove the database alive; the probe then asks nothing of a busy pool. */
const provenMs = 1_000;

/** The pools of the app and the system role, and what is built on them. */
export class DatabaseRoles {
  readonly database: Database;
  readonly system: SystemDatabase;

  private constructor(
    private readonly app: DataSource,
    private readonly bypass: DataSource,
    private readonly lastSuccess: () => number,
    log: Log,
  ) {
    const onHookError = (err: unknown): void => log.error({ err }, 'a hook after a commit failed');
    this.database = new Database(new TransactionRunner(app, onHookError));
    this.system = new SystemDatabase(new TransactionRunner(bypass, onHookError));
  }

  /** Waits for the server, migrates where an owner is configured, and connects both roles. */
  static async open(options: OpenOptions): Promise<DatabaseRoles> {
    const { config, migrations, log, metrics } = options;
    const tls = tlsOptions(config);
    const server = await awaitServer({ url: config.DATABASE_URL, tls, log });
    if (config.DATABASE_OWNER_URL !== undefined) {
      const ran = await migrate({ url: config.DATABASE_OWNER_URL, migrations, tls });
      if (ran.length > 0) log.info({ migrations: ran }, 'migrations ran');
    }
    let lastSuccess = 0;
    const histogram = queryHistogram(metrics);
    const observe: QueryObserver = (type, seconds, succeeded) => {
      histogram[type].observe(seconds);
      if (succeeded) lastSuccess = performance.now();
    };
    const size = config.DATABASE_POOL_MAX ?? poolSize(server);
    const onIdleError = (err: Error): void => log.warn({ err }, 'a database connection was lost');
    const shared = { config, size, observe, onIdleError, name: options.name, entities: options.entities };
    const app = await openDataSource({ ...shared, url: config.DATABASE_URL });
    const bypass = await openDataSource({ ...shared, url: config.DATABASE_SYSTEM_URL });
    measurePools(metrics, { app: poolOf(app), system: poolOf(bypass) });
    log.info({ pool_size: size }, 'connected to the database');
    return new DatabaseRoles(app, bypass, () => lastSuccess, log);
  }

  /** Rejects when the database does not answer. A full pool whose statements succeed is busy, not down. */
  async check(): Promise<void> {
    if (performance.now() - this.lastSuccess() <= provenMs) return;
    await Promise.all([this.app.query('select 1'), this.bypass.query('select 1')]).catch((error: unknown) => {
      throw translateError(error);
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.app.destroy(), this.bypass.destroy()]).catch((error: unknown) => {
      throw translateError(error);
    });
  }
}
