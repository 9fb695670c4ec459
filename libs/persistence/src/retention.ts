import { RecurringTask, type Clock, type Log, type Shutdown } from '@parley/service-kit';
import type { SystemDatabase } from './system-database.js';

const everyMs = 3_600_000;

/** Rows that one statement of a rule deletes or changes at the most, so that none holds locks for long. */
export const retentionBatch = 5_000;

/** What is not kept for ever: a statement over at most `retentionBatch` rows, with `returning` so that they are counted. */
export interface RetentionRule {
  readonly sql: string;
  /** Asked before each sweep. */
  readonly params?: () => readonly unknown[];
}

export interface RetentionOptions {
  readonly database: SystemDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly shutdown: Shutdown;
  readonly rules: readonly RetentionRule[];
}

/** Runs its rules once an hour, each until it finds less than a batch; a drain ends it after the statement under way. */
export class Retention {
  private readonly task: RecurringTask;

  constructor(private readonly options: RetentionOptions) {
    this.task = new RecurringTask({
      ...options,
      everyMs,
      run: () => this.sweep(),
      complaint: 'a retention sweep failed',
    });
  }

  /** The first time at a random minute, so that instances do not meet. */
  start(firstAfterMs = Math.random() * everyMs): void {
    this.task.start(firstAfterMs);
  }

  /** Applies every rule now; answers how many rows that took. */
  async sweep(): Promise<number> {
    let total = 0;
    for (const rule of this.options.rules) total += await this.apply(rule);
    return total;
  }

  private async apply({ sql, params }: RetentionRule): Promise<number> {
    const values = params?.() ?? [];
    let total = 0;
    let rows: number;
    do {
      rows = (await this.options.database.query(sql, values)).length;
      total += rows;
    } while (rows >= retentionBatch && !this.options.shutdown.draining);
    return total;
  }
}
