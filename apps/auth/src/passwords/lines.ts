import { Bulkhead } from '@parley/resilience';

export interface LineOptions {
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly queueTimeoutMs: number;
}

/** One waiting line for each key that somebody waits or works for. */
export class Lines {
  private readonly lines = new Map<string, Bulkhead>();

  constructor(private readonly options: LineOptions) {}

  /** @throws RejectedError bulkhead_full where the line is too long or too slow. */
  async run<T>(key: string, fn: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? new Bulkhead({ name: 'password tries', ...this.options });
    this.lines.set(key, line);
    try {
      return await line.execute(fn);
    } finally {
      if (line.active === 0) this.lines.delete(key);
    }
  }
}
