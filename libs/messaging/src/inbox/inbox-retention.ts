import { Injectable } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';

/** Longer than any delivery can be delayed short of a dead letter, which has had no effect yet. */
const keep = '7 days';
const everyMs = 3_600_000;
/** Rows of one statement, so that none holds locks for long. */
const batch = 5_000;

export const deletion = `
  delete from inbox where event_id in
    (select event_id from inbox where handled_at < now() - interval '${keep}' limit ${batch}) returning 1`;

/** Forgets handled events after seven days. */
@Injectable()
export class InboxRetention {
  private cancel: (() => void) | undefined;

  constructor(
    private readonly database: SystemDatabase,
    private readonly clock: Clock,
    private readonly log: Log,
    shutdown: Shutdown,
  ) {
    shutdown.register('work', () => this.cancel?.());
  }

  /** Once an hour, at a random minute of it, so that instances do not meet. */
  start(firstAfterMs = Math.random() * everyMs): void {
    this.cancel = this.clock.setTimeout(() => {
      this.start(everyMs);
      this.sweep().catch((err: unknown) => this.log.warn({ err }, 'old inbox rows were not deleted'));
    }, firstAfterMs);
  }

  async sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const deleted = await this.database.query(deletion);
      total += deleted.length;
      if (deleted.length < batch) return total;
    }
  }
}
