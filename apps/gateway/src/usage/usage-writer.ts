import { Injectable } from '@nestjs/common';
import { usageRecorded, type UsageRecord } from '@parley/contracts';
import { Outbox, outboxInsert, outboxRow, type OutboxRow } from '@parley/messaging';
import { GroupCommit, SystemDatabase } from '@parley/persistence';
import { currentRequest, Shutdown, traceHeaders } from '@parley/service-kit';

interface TenantRecord {
  readonly tenantId: string;
  readonly record: UsageRecord;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

const insert = {
  name: 'gateway_usage_insert',
  text: `with records as (
    insert into usage_records (id, tenant_id, occurred_at, record)
    select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::jsonb[])
  ) ${outboxInsert.sql(5)}`,
};

/**
 * Keeps the record of every call: the ledger's row and the event that tells of it, of many calls together, in one
 * statement and so in one commit.
 */
@Injectable()
export class UsageWriter {
  private readonly commits: GroupCommit<TenantRecord>;
  /** Calls whose record is still to come. */
  private readonly open = new Set<Promise<unknown>>();

  constructor(database: SystemDatabase, outbox: Outbox, shutdown: Shutdown) {
    this.commits = new GroupCommit<TenantRecord>({
      flush: async (rows) => {
        await database.query(insert, parameters(rows));
        outbox.wake();
      },
    });
    // The streams that the drain has cut off end a moment later, with a record each.
    shutdown.register('work', async () => {
      await Promise.all(this.open);
      await this.commits.close();
    });
  }

  /** False while records cannot be kept: calls are then better refused before a provider is paid for them. */
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
   * Resolves once the record is durable.
   * @throws AppError service.unavailable when no commit comes within 2 s.
   */
  write(tenantId: string, record: UsageRecord): Promise<void> {
    const traceparent = currentRequest()?.traceparent ?? traceHeaders().traceparent;
    return this.commits.write({ tenantId, record, traceparent });
  }
}

function parameters(rows: readonly TenantRecord[]): unknown[] {
  return [
    rows.map((row) => row.record.id),
    rows.map((row) => row.tenantId),
    rows.map((row) => row.record.occurred_at),
    rows.map((row) => JSON.stringify(row.record)),
    ...outboxInsert.params(toEvents(rows)),
  ];
}

/** One event per tenant; it continues the trace of the first call in it. */
function toEvents(rows: readonly TenantRecord[]): OutboxRow[] {
  const byTenant = Map.groupBy(rows, (row) => row.tenantId);
  return [...byTenant].map(([tenantId, own]) =>
    outboxRow(usageRecorded, tenantId, { records: own.map((row) => row.record) }, own[0]?.traceparent),
  );
}
