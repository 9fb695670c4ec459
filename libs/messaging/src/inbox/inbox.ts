import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';

const claim = {
  name: 'parley_inbox_claim',
  text: 'insert into inbox (event_id, tenant_id) values ($1, $2) on conflict do nothing returning event_id',
};

/** Gives each event its effect once, however often it is delivered. */
@Injectable()
export class Inbox {
  constructor(private readonly database: Database) {}

  /**
   * Runs `fn` in one transaction, of the event's tenant, with the note that the event was handled: both are kept or
   * neither. False when it was handled before; `fn` then does not run.
   */
  once(
    event: { readonly id: string; readonly tenantId: string },
    fn: (tx: Transaction) => Promise<unknown>,
  ): Promise<boolean> {
    return this.database.inTenant(event.tenantId, async (tx) => {
      // A second delivery at the same time waits here for the first to commit or to fail.
      const claimed = await tx.query(claim, [event.id, event.tenantId]);
      if (claimed.length === 0) return false;
      await fn(tx);
      return true;
    });
  }
}
