import type { EventContract } from '@parley/contracts';
import { GroupCommit } from '@parley/persistence';
import { currentRequest, traceHeaders, type Shutdown } from '@parley/service-kit';
import { outboxInsert, outboxList, type OutboxRow } from './outbox-row.js';
import type { Outbox } from './outbox.js';

/** The system role, which the writer that builds a ledger brings along. */
interface Statements {
  query(statement: { readonly name: string; readonly text: string }, params: readonly unknown[]): Promise<unknown>;
}

/** What is kept, and what tells of it. */
export interface LedgerOptions {
  /** An event that is a list; the entries are its records. */
  readonly contract: EventContract;
  /** Keeps the statement prepared. */
  readonly name: string;
  /** An `insert … select` that takes the ledger's rows out of `events (tenant_id, data)`. */
  readonly insert: string;
}

/** One record, as JSON. */
interface Entry {
  readonly tenantId: string;
  readonly json: string;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

/**
 * Keeps records of high volume: the ledger's row and the event that tells of it, of many calls together, in one statement
 * and so in one commit. The rows are taken out of the events, so that each record is written, sent and read once.
 */
export class EventLedger<Row> {
  private readonly commits: GroupCommit<Entry>;
  /** Calls whose record is still to come. */
  private readonly open = new Set<Promise<unknown>>();

  constructor(
    private readonly options: LedgerOptions,
    database: Statements,
    outbox: Outbox,
    shutdown: Shutdown,
  ) {
    const { name, insert } = options;
    const statement = { name, text: `with events as (${outboxInsert.sql(1)} returning tenant_id, data) ${insert}` };
    this.commits = new GroupCommit<Entry>({
      flush: async (entries) => {
        await database.query(statement, outboxInsert.params(this.toEvents(entries)));
        outbox.wake();
      },
    });
    // What the drain has cut off ends a moment later, with a record each.
    shutdown.register('work', async () => {
      await Promise.all(this.open);
      await this.commits.close();
    });
  }

  /** False while records cannot be kept: calls are then better refused before they cost or do anything. */
  get available(): boolean {
    return this.commits.available;
  }

  /** Makes the drain wait for a call until the function that this returns is called. */
  begin(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.open.add(promise);
    return () => {
      this.open.delete(promise);
      resolve(undefined);
    };
  }

  /**
   * Resolves once the record is durable. That it fits the contract is for the caller to see to.
   * @throws AppError service.unavailable when no commit comes within 2 s.
   */
  write(tenantId: string, record: Row): Promise<void> {
    const traceparent = currentRequest()?.traceparent ?? traceHeaders().traceparent;
    return this.commits.write({ tenantId, json: JSON.stringify(record), traceparent });
  }

  /** One event per tenant; it continues the trace of the first call in it. */
  private toEvents(entries: readonly Entry[]): OutboxRow[] {
    const byTenant = Map.groupBy(entries, ({ tenantId }) => tenantId);
    return [...byTenant].map(([tenantId, own]) => {
      const records = own.map(({ json }) => json);
      return outboxList(this.options.contract, tenantId, records, own[0]?.traceparent);
    });
  }
}
