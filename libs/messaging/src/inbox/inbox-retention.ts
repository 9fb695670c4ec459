import { Injectable } from '@nestjs/common';
import { Retention, retentionBatch, SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';

/** Longer than any delivery can be delayed short of a dead letter, which has had no effect yet. */
const keep = '7 days';

export const deletion = `
  delete from inbox where event_id in
    (select event_id from inbox where handled_at < now() - interval '${keep}' limit ${retentionBatch}) returning 1`;

/** Forgets handled events after seven days. */
@Injectable()
export class InboxRetention extends Retention {
  constructor(database: SystemDatabase, clock: Clock, log: Log, shutdown: Shutdown) {
    super({ database, clock, log, shutdown, rules: [{ sql: deletion }] });
  }
}
