import { Injectable } from '@nestjs/common';
import { usageRecorded, type UsageRecord } from '@parley/contracts';
import { Outbox, outboxInsert, outboxList, type OutboxRow } from '@parley/messaging';
import { GroupCommit, SystemDatabase } from '@parley/persistence';
import { currentRequest, Shutdown, traceHeaders } from '@parley/service-kit';

/** One call's record, as JSON. */
interface TenantRecord {
  readonly tenantId: string;
  readonly json: string;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

/** The ledger's rows are taken out of the events, so that each record is written, sent and read once. */
const insert = {
  name: 'gateway_usage_insert',
  text: `with events as (${outboxInsert.sql(1)} returning tenant_id, data)
    insert into usage_records (id, tenant_id, occurred_at, record)
    select (record->>'id')::uuid, tenant_id, (record->>'occurred_at')::timestamptz, record
    from events, jsonb_array_elements(data::jsonb->'records') as record`,
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
        await database.query(insert, outboxInsert.params(toEvents(rows)));
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
    return this.commits.write({ tenantId, json: JSON.stringify(record), traceparent });
  }
}

/** One event per tenant; it continues the trace of the first call in it. */
function toEvents(rows: readonly TenantRecord[]): OutboxRow[] {
  const byTenant = Map.groupBy(rows, (row) => row.tenantId);
  return [...byTenant].map(([tenantId, own]) => {
    const records = own.map(({ json }) => json);
    return outboxList(usageRecorded, tenantId, records, own[0]?.traceparent);
  });
}
