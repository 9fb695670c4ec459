import { Injectable } from '@nestjs/common';
import { toolInvoked, type ToolInvocation } from '@parley/contracts';
import { Outbox, outboxInsert, outboxRow, type OutboxRow } from '@parley/messaging';
import { GroupCommit, SystemDatabase } from '@parley/persistence';
import { currentRequest, Shutdown, traceHeaders } from '@parley/service-kit';

interface TenantInvocation {
  readonly tenantId: string;
  readonly invocation: ToolInvocation;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

const insert = {
  name: 'mcp_hub_invocation_insert',
  text: `with invocations as (
    insert into tool_invocations (id, tenant_id, occurred_at, request_id, subject, api_key_id, server_id, tool_id,
      outcome, error_code, duration_ms)
    select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[], $6::uuid[], $7::text[],
      $8::text[], $9::text[], $10::text[], $11::int[])
  ) ${outboxInsert.sql(12)}`,
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
        await database.query(insert, parameters(rows));
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
  write(tenantId: string, invocation: ToolInvocation): Promise<void> {
    const traceparent = currentRequest()?.traceparent ?? traceHeaders().traceparent;
    return this.commits.write({ tenantId, invocation, traceparent });
  }
}

function parameters(rows: readonly TenantInvocation[]): unknown[] {
  const column = (name: keyof ToolInvocation) => rows.map(({ invocation }) => invocation[name]);
  return [
    column('id'),
    rows.map((row) => row.tenantId),
    column('occurred_at'),
    column('request_id'),
    column('subject'),
    column('api_key_id'),
    column('server_id'),
    column('tool_id'),
    column('outcome'),
    column('error_code'),
    column('duration_ms'),
    ...outboxInsert.params(toEvents(rows)),
  ];
}

/** One event per tenant; it continues the trace of the first call in it. */
function toEvents(rows: readonly TenantInvocation[]): OutboxRow[] {
  const byTenant = Map.groupBy(rows, (row) => row.tenantId);
  return [...byTenant].map(([tenantId, own]) =>
    outboxRow(toolInvoked, tenantId, { invocations: own.map((row) => row.invocation) }, own[0]?.traceparent),
  );
}
