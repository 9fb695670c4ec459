import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from './config.js';
import { quiet } from './quiet-logger.js';
import { tlsOptions } from './tls.js';
import { measuredClient, type QueryObserver } from './measured-client.js';

/** To connect, and to get a free connection of a full pool. */
const connectTimeoutMs = 2_000;

/** A server that is gone without a word: the client gives up on its own so long after the server should have, and drops the connection. */
export const clientPatienceMs = 1_000;

export interface PoolOptions {
  readonly url: string;
  readonly config: DatabaseConfig;
  readonly size: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly entities: NonNullable<DataSourceOptions['entities']>;
  readonly observe: QueryObserver;
  readonly onIdleError: (error: Error) => void;
}

/**
 * A connected TypeORM data source over a pool of its own. The clients pipeline: statements started together travel
 * together (https://www.postgresql.org/docs/current/libpq-pipeline-mode.html), so a transaction's begin costs no round trip.
 */
export async function openDataSource(options: PoolOptions): Promise<DataSource> {
  const { config } = options;
  const dataSource = new DataSource({
    type: 'postgres',
    driver: pg,
    url: options.url,
    ssl: tlsOptions(config),
    entities: options.entities,
    applicationName: options.name,
    poolSize: options.size,
    connectTimeoutMS: connectTimeoutMs,
    installExtensions: false,
    logger: quiet,
    poolErrorHandler: options.onIdleError,
    extra: {
      Client: measuredClient(options.observe),
      pipeline: true,
      keepAlive: true,
      statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
      query_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS + clientPatienceMs,
      idle_in_transaction_session_timeout: 30_000,
      idleTimeoutMillis: 60_000,
    },
  });
  return dataSource.initialize();
}

/** The pg pool that TypeORM opened. */
export const poolOf = (dataSource: DataSource): pg.Pool => (dataSource.driver as unknown as { master: pg.Pool }).master;
