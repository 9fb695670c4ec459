import type { Database, Transaction } from '@parley/persistence';
import type { Client } from 'pg';

type Statement = string | { readonly text: string };

/**
 * The app role’s database as a repository sees it, where each statement is run, undone and answered by no row, and its plan
 * kept.
 */
export class ExplainedDatabase {
  readonly plans: string[] = [];

  constructor(private readonly client: Client) {}

  /** For a repository’s constructor. */
  get database(): Database {
    return this as unknown as Database;
  }

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inScope({ tenant_id: tenantId }, fn);
  }

  async inScope<T>(scope: Readonly<Record<string, string>>, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    await this.client.query('begin');
    try {
      for (const [name, value] of Object.entries(scope))
        await this.client.query('select set_config($1, $2, true)', [`parley.${name}`, value]);
      return await fn({ query: (sql: Statement, params) => this.explain(sql, params) } as Transaction);
    } finally {
      await this.client.query('rollback');
    }
  }

  queryInScope<T>(scope: Readonly<Record<string, string>>, sql: Statement, params: readonly unknown[]): Promise<T[]> {
    return this.inScope(scope, (tx) => tx.query<T>(sql as string, params));
  }

  private async explain<T>(sql: Statement, params: readonly unknown[] = []): Promise<T[]> {
    const text = typeof sql === 'string' ? sql : sql.text;
    const { rows } = await this.client.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, costs off, timing off, summary off) ${text}`,
      [...params],
    );
    this.plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return [];
  }
}
