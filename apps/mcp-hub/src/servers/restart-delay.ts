const firstMs = 250;
const maxMs = 30_000;
/** Of a server that took calls: were it longer, a caller who can break it would keep it from all others. */
const maxAfterRunningMs = 1_000;
/** A server that has run for this long begins anew. */
const stableMs = 60_000;

/** How long a server that ends waits for its next start: twice as long each time, until it has run for a minute. */
export class RestartDelay {
  private failures = 0;

  /** `tookCalls`: whether it got that far. */
  next(ranMs: number, tookCalls: boolean): number {
    if (ranMs >= stableMs) this.failures = 0;
    const delayMs = Math.min(tookCalls ? maxAfterRunningMs : maxMs, firstMs * 2 ** this.failures);
    this.failures += 1;
    return delayMs;
  }
}
