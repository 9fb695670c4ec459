import { Injectable } from '@nestjs/common';
import { toolInvocation, toolInvoked, type ToolInvocation } from '@parley/contracts';
import { Outbox, outboxInsert, outboxList, type OutboxRow } from '@parley/messaging';
import { GroupCommit, SystemDatabase } from '@parley/persistence';
import { currentRequest, Shutdown, traceHeaders } from '@parley/service-kit';

/** One call's record, as JSON. */
interface TenantInvocation {
  readonly tenantId: string;
  readonly json: string;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

/** The audit's rows are taken out of the events, so that each record is written, sent and read once. */
const insert = {
  name: 'mcp_hub_invocation_insert',
  text: `with events as (${outboxInsert.sql(1)} returning tenant_id, data)
    insert into tool_invocations (id, tenant_id, occurred_at, request_id, subject, api_key_id, server_id, tool_id,
      outcome, error_code, duration_ms)
    select i.id, tenant_id, i.occurred_at, i.request_id, i.subject, i.api_key_id, i.server_id, i.tool_id,
      i.outcome, i.error_code, i.duration_ms
    from events, jsonb_to_recordset(data::jsonb->'invocations') as i(id uuid, occurred_at timestamptz, request_id text,
      subject uuid, api_key_id uuid, server_id text, tool_id text, outcome text, error_code text, duration_ms int)`,
};

/**
 * Keeps the audit of tool calls: the row and the event that tells of it, of many calls together, in one statement and so
 * in one commit.
 */
@Injectable()
export class InvocationWriter {
  private readonly commits: GroupCommit<TenantInvocation>;
  /** Calls whose record is still to come. */
  private readonly open = new Set<Promise<unknown>>();

  constructor(database: SystemDatabase, outbox: Outbox, shutdown: Shutdown) {
    this.commits = new GroupCommit<TenantInvocation>({
      flush: async (rows) => {
        await database.query(insert, outboxInsert.params(toEvents(rows)));
        outbox.wake();
      },
    });
    // The calls that the drain breaks off end a moment later, with a record each.
    shutdown.register('work', async () => {
      await Promise.all(this.open);
      await this.commits.close();
    });
  }

  /** False while nothing can be recorded: calls are then better refused before a tool does anything. */
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
   * Resolves once the invocation is on record.
   * @throws AppError service.unavailable when no commit comes within 2 s.
   */
  async write(tenantId: string, invocation: ToolInvocation): Promise<void> {
    const json = JSON.stringify(toolInvocation.parse(invocation));
    const traceparent = currentRequest()?.traceparent ?? traceHeaders().traceparent;
    return this.commits.write({ tenantId, json, traceparent });
  }
}

/** One event per tenant; it continues the trace of the first call in it. */
function toEvents(rows: readonly TenantInvocation[]): OutboxRow[] {
  const byTenant = Map.groupBy(rows, (row) => row.tenantId);
  return [...byTenant].map(([tenantId, own]) => {
    const invocations = own.map(({ json }) => json);
    return outboxList(toolInvoked, tenantId, invocations, own[0]?.traceparent);
  });
}
