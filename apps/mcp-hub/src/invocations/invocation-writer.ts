import { Injectable } from '@nestjs/common';
import { toolInvocation, toolInvoked, type ToolInvocation } from '@parley/contracts';
import { EventLedger, Outbox } from '@parley/messaging';
import { SystemDatabase } from '@parley/persistence';
import { Shutdown } from '@parley/service-kit';

const ledger = {
  contract: toolInvoked,
  name: 'mcp_hub_invocation_insert',
  insert: `insert into tool_invocations (id, tenant_id, occurred_at, request_id, subject, api_key_id, server_id, tool_id,
      outcome, error_code, duration_ms)
    select i.id, tenant_id, i.occurred_at, i.request_id, i.subject, i.api_key_id, i.server_id, i.tool_id,
      i.outcome, i.error_code, i.duration_ms
    from events, jsonb_to_recordset(data::jsonb->'invocations') as i(id uuid, occurred_at timestamptz, request_id text,
      subject uuid, api_key_id uuid, server_id text, tool_id text, outcome text, error_code text, duration_ms int)`,
};

/** Keeps the audit of tool calls. */
@Injectable()
export class InvocationWriter extends EventLedger<ToolInvocation> {
  constructor(database: SystemDatabase, outbox: Outbox, shutdown: Shutdown) {
    super(ledger, database, outbox, shutdown);
  }

  override async write(tenantId: string, invocation: ToolInvocation): Promise<void> {
    return super.write(tenantId, toolInvocation.parse(invocation));
  }
}
