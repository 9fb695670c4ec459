import type { TransactionRunner } from './transaction-runner.js';
import { scopeSettings, type Scope } from './scope.js';
import type { Sql, Transaction } from './transaction.js';

/** The service's database as the app role sees it: only inside a scope, and only that scope's rows. */
export class Database {
  constructor(private readonly runner: TransactionRunner) {}

  /** As many transactions are open at a time, in this instance. */
  get connections(): number {
    return this.runner.connections;
  }

  /**
   * Runs `fn` in a transaction that sees and writes this tenant's rows alone.
   * One round trip for the begin and the first statement together, one for the commit.
   */
  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inScope({ tenant_id: tenantId }, fn);
  }

  /**
   * As `inTenant` in one round trip, for reads: `fn` starts all of its statements before it first waits, and one that it
   * starts later is refused. What it throws because of what it read rolls nothing back.
   */
  readInTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.runner.runAtOnce(scopeSettings({ tenant_id: tenantId }), fn);
  }

  /** As `inTenant`, read only, and with every statement seeing the same moment: for reports of more than one statement. */
  inSnapshot<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.runner.run(scopeSettings({ tenant_id: tenantId }), fn, 'isolation level repeatable read, read only');
  }

  /** As `inTenant`, for look-ups that must find a row before the tenant is known, such as by credential hash. */
  inScope<T>(scope: Scope, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.runner.run(scopeSettings(scope), fn);
  }

  /** The rows of one statement in a scope, in one round trip. */
  queryInScope<T>(scope: Scope, sql: Sql, params: readonly unknown[] = []): Promise<T[]> {
    return this.runner.runAtOnce(scopeSettings(scope), (tx) => tx.query<T>(sql, params));
  }

  /** For the few transactions that cross tenants: what follows in it sees and writes this tenant's rows, instead of the one's before. */
  async enterTenant(tx: Transaction, tenantId: string): Promise<void> {
    await tx.query(scopeSettings({ tenant_id: tenantId }));
  }
}
