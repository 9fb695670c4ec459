import { AppError } from '@parley/contracts';
import type pg from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { translateError } from './database-errors.js';
import { clientPatienceMs, poolOf } from './data-source.js';
import { inOnePacket } from './one-packet.js';
import type { Sql, Transaction } from './transaction.js';

/** Callers that may wait for a free connection, per connection; over it they are refused at once. */
const waitingPerConnection = 50;

/** Opens, ends and cleans up transactions on one role's pool. */
export class TransactionRunner {
  private readonly pool: pg.Pool;

  constructor(
    private readonly dataSource: DataSource,
    private readonly onHookError: (error: unknown) => void,
  ) {
    this.pool = poolOf(dataSource);
  }

  get connections(): number {
    return this.pool.options.max;
  }

  /**
   * `settings` is a statement that travels in one message with `begin`, and both with the first statement of `fn`;
   * `mode` is what `begin` says of the transaction, PostgreSQL's default where it says nothing.
   */
  async run<T>(settings: string, fn: (tx: Transaction) => Promise<T>, mode = ''): Promise<T> {
    const client = await this.checkOut();
    const tx = new OpenTransaction(client, this.dataSource);
    inOnePacket(client);
    const begun = client.query(`begin ${mode}; ${settings}`);
    begun.catch(() => undefined);
    let result: T;
    try {
      result = await fn(tx);
      tx.end();
      // Both are under way before either is awaited; a failed begin fails the transaction even when `fn` asked nothing.
      const [, ended] = await Promise.all([begun, tx.commit ?? client.query('commit')]);
      if (ended.command !== 'COMMIT') throw new Error('Rolled back: a statement failed, and its failure was swallowed');
    } catch (error) {
      tx.end();
      await this.abandon(client);
      throw translateError(error);
    }
    checkIn(client);
    this.runHooks(tx);
    return result;
  }

  /** As `run`, with the commit in the same message: `fn` starts all of its statements before it first waits. */
  async runAtOnce<T>(settings: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.checkOut();
    const tx = new OpenTransaction(client, this.dataSource);
    try {
      inOnePacket(client);
      const begun = client.query(`begin; ${settings}`);
      const read = fn(tx);
      tx.end();
      const [, result] = await Promise.all([begun, read, client.query('commit')]);
      checkIn(client);
      return result;
    } catch (error) {
      tx.end();
      await this.abandon(client);
      throw translateError(error);
    }
  }

  async query<T>(sql: Sql, params: readonly unknown[]): Promise<T[]> {
    const client = await this.checkOut();
    try {
      const rows = await send<T>(client, sql, params);
      checkIn(client);
      return rows;
    } catch (error) {
      checkIn(client);
      throw translateError(error);
    }
  }

  private async checkOut(): Promise<pg.PoolClient> {
    if (this.pool.waitingCount >= waitingPerConnection * this.pool.options.max)
      throw new AppError('service.overloaded', { internal: 'Too many callers wait for a database connection' });
    try {
      const client = await this.pool.connect();
      // Its loss reaches the caller through its statement; without a listener it would end the process.
      client.on('error', ignore);
      return client;
    } catch (error) {
      throw translateError(error);
    }
  }

  /** A connection whose state is unknown is closed, not reused. */
  private async abandon(client: pg.PoolClient): Promise<void> {
    try {
      await client.query('rollback');
      checkIn(client);
    } catch (error) {
      checkIn(client, error);
    }
  }

  private runHooks(tx: OpenTransaction): void {
    for (const hook of tx.hooks) {
      try {
        hook();
      } catch (error) {
        this.onHookError(error);
      }
    }
  }
}

const ignore = (): void => undefined;

function checkIn(client: pg.PoolClient, failure?: unknown): void {
  client.off('error', ignore);
  client.release(failure !== undefined);
}

async function send<T>(
  client: pg.PoolClient,
  sql: Sql,
  params: readonly unknown[],
  options: { readonly query_timeout?: number } = {},
): Promise<T[]> {
  inOnePacket(client);
  const statement = typeof sql === 'string' ? { text: sql } : sql;
  const result = await client.query<pg.QueryResultRow>({ ...statement, ...options, values: [...params] });
  return result.rows as T[];
}

class OpenTransaction implements Transaction {
  readonly hooks: (() => void)[] = [];
  /** Under way where it was not left to the runner. */
  commit: Promise<pg.QueryResult> | undefined;
  private ended = false;
  private options: { readonly query_timeout?: number } = {};
  private runner: QueryRunner | undefined;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly dataSource: DataSource,
  ) {}

  async query<T>(sql: Sql, params: readonly unknown[] = []): Promise<T[]> {
    // Its connection may already serve someone else, in another tenant's scope.
    if (this.ended) throw new Error('The transaction has ended');
    return send<T>(this.client, sql, params, this.options);
  }

  async allow(statementMs: number): Promise<void> {
    this.options = { query_timeout: statementMs + clientPatienceMs };
    await this.query(`select set_config('statement_timeout', $1, true)`, [`${statementMs}`]);
  }

  /**
   * TypeORM is handed the open connection and told that a transaction is under way: `save` joins it, `transaction`
   * makes a savepoint, and neither can commit it.
   */
  get manager(): EntityManager {
    this.runner ??= Object.assign(this.dataSource.createQueryRunner(), {
      databaseConnection: this.client,
      isTransactionActive: true,
      transactionDepth: 1,
    });
    return this.runner.manager;
  }

  commitBehind(): void {
    this.end();
    this.commit = this.client.query('commit');
    // Where a statement failed, its failure is what the caller gets.
    this.commit.catch(ignore);
  }

  afterCommit(fn: () => void): void {
    this.hooks.push(fn);
  }

  end(): void {
    this.ended = true;
    if (this.runner !== undefined) Object.assign(this.runner, { isReleased: true });
  }
}
