import type { EntityManager } from 'typeorm';

/** SQL text, or text with a name under which each connection keeps it prepared: for the few statements of a hot path. */
export type Sql = string | { readonly name: string; readonly text: string };

/** One open transaction. It commits when the function it was given to resolves, and rolls back when that rejects. */
export interface Transaction {
  /** The rows of one statement. Statements started together are sent together, and run in the order they were started. */
  query<T>(sql: Sql, params?: readonly unknown[]): Promise<T[]>;
  /** TypeORM's entity manager inside this transaction. */
  readonly manager: EntityManager;
  /** Lets each statement that is started from here on take so long, in place of DATABASE_STATEMENT_TIMEOUT_MS. */
  allow(statementMs: number): Promise<void>;
  /**
   * Sends the commit behind the statements that were started, without waiting for what they answer: where one of them fails
   * all are rolled back as ever. No statement can be started after it.
   */
  commitBehind(): void;
  /** Runs after a successful commit, for wake-ups and cache deletes; what it throws is logged and nothing else. */
  afterCommit(fn: () => void): void;
}
