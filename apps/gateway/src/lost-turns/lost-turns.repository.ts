import { Injectable } from '@nestjs/common';
import { usageRecorded, type UsageRecord } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';

@Injectable()
export class LostTurnsRepository {
  constructor(private readonly outbox: Outbox) {}

  /** A turn whose record is there has one already: its gateway lived longer than its lease. */
  async add(tx: Transaction, tenantId: string, record: UsageRecord): Promise<void> {
    const added = await tx.query(
      `insert into usage_records (id, tenant_id, occurred_at, record) values ($1, $2, $3, $4)
       on conflict (id) do nothing returning id`,
      [record.id, tenantId, record.occurred_at, JSON.stringify(record)],
    );
    if (added.length > 0) await this.outbox.add(tx, usageRecorded, tenantId, { records: [record] });
  }
}
