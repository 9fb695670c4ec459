import type { TransactionRunner } from './transaction-runner.js';
import type { Sql, Transaction } from './transaction.js';

/**
 * The service's database as the system role sees it: every tenant's rows. For the batch writer, the relay, the inbox
 * and retention; lint lists the files that may import it.
 */
export class SystemDatabase {
  constructor(private readonly runner: TransactionRunner) {}

  transaction<T>(fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.runner.run('', fn);
  }

  /** The rows of one statement, which commits by itself: one round trip. */
  query<T>(sql: Sql, params: readonly unknown[] = []): Promise<T[]> {
    return this.runner.query(sql, params);
  }
}
