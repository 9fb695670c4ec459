import type { Clock } from '../clock.js';
import type { Log } from '../log/log.js';
import type { Shutdown } from '../shutdown/shutdown.js';

export interface RecurringTaskOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly shutdown: Shutdown;
  /** Between the end of a run and the next. */
  readonly everyMs: number;
  /** One that takes long should look at `shutdown.draining` between its steps. */
  readonly run: () => Promise<unknown>;
  /** What the log says of a run that failed; the next comes as if it had not. */
  readonly complaint: string;
}

/** Runs something again and again, never twice at a time; a drain waits for the run under way. */
export class RecurringTask {
  private cancel: (() => void) | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: RecurringTaskOptions) {
    options.shutdown.register('work', async () => {
      this.cancel?.();
      await this.running;
    });
  }

  /** Nothing runs before this. */
  start(firstAfterMs = this.options.everyMs): void {
    this.cancel = this.options.clock.setTimeout(() => {
      this.running = this.run();
    }, firstAfterMs);
  }

  private async run(): Promise<void> {
    const { run, log, complaint, shutdown } = this.options;
    try {
      await run();
    } catch (err) {
      log.warn({ err }, complaint);
    }
    if (!shutdown.draining) this.start();
  }
}
