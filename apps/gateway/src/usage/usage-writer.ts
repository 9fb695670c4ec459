import { Injectable } from '@nestjs/common';
import { usageRecorded, type UsageRecord } from '@parley/contracts';
import { EventLedger, Outbox } from '@parley/messaging';
import { SystemDatabase } from '@parley/persistence';
import { Shutdown } from '@parley/service-kit';

const ledger = {
  contract: usageRecorded,
  name: 'gateway_usage_insert',
  insert: `insert into usage_records (id, tenant_id, occurred_at, record)
    select (record->>'id')::uuid, tenant_id, (record->>'occurred_at')::timestamptz, record
    from events, jsonb_array_elements(data::jsonb->'records') as record
    on conflict (id) do nothing`,
};

/** Keeps the record of every call to a model. A turn’s that was given up as lost is there already, and stays as it is. */
@Injectable()
export class UsageWriter extends EventLedger<UsageRecord> {
  constructor(database: SystemDatabase, outbox: Outbox, shutdown: Shutdown) {
    super(ledger, database, outbox, shutdown);
  }
}
