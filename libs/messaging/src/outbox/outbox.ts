import { Injectable } from '@nestjs/common';
import type { EventContract } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import type { z } from 'zod';
import { MessagingOptions } from '../messaging.options.js';
import { outboxInsert, outboxRow } from './outbox-row.js';
import { WakeSignal } from './wake-signal.js';

const insert = { name: 'parley_outbox_insert', text: outboxInsert.sql(1) };

/** Where a service leaves its events: in its own database, in the transaction that they tell of. */
@Injectable()
export class Outbox {
  private readonly types: ReadonlySet<string>;

  constructor(
    options: MessagingOptions,
    private readonly signal: WakeSignal,
  ) {
    this.types = new Set(options.publishes?.map((contract) => contract.type));
  }

  /** The event goes out after the transaction's commit, or never. */
  async add<C extends EventContract>(
    tx: Transaction,
    contract: C,
    tenantId: string,
    data: z.input<C['data']>,
  ): Promise<void> {
    if (!this.types.has(contract.type))
      throw new Error(`${contract.type} is not among the events this service publishes`);
    await tx.query(insert, outboxInsert.params([outboxRow(contract, tenantId, data)]));
    tx.afterCommit(() => this.wake());
  }

  /** Tells the relay that rows were committed; for writers that insert with `outboxInsert`. Costs nothing when it is busy. */
  wake(): void {
    this.signal.wake();
  }
}
