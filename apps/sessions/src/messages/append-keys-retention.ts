import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Retention, retentionBatch, SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';
import { oldKeys } from './append-keys.repository.js';

/** Deletes idempotency keys that are over, once an hour. */
@Injectable()
export class AppendKeysRetention extends Retention implements OnApplicationBootstrap {
  constructor(database: SystemDatabase, clock: Clock, log: Log, shutdown: Shutdown) {
    super({ database, clock, log, shutdown, rules: [{ sql: oldKeys(retentionBatch) }] });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
