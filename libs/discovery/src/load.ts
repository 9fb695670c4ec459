/** How fast old measurements lose weight: after so long a measurement counts e⁻¹ of what it did. */
const memoryMs = 10_000;
/** An instance that failed is avoided so long, doubled with each further failure in a row, up to the second number. */
const avoidMs = 1_000;
const maxAvoidMs = 8_000;

/** What calling one instance has taught: latency, calls in flight, failures in a row. */
export class Load {
  failures = 0;
  avoidUntil = 0;
  private inFlight = 0;
  private measured: { readonly ms: number; readonly at: number } | undefined;

  begin(): void {
    this.inFlight += 1;
  }

  /** Ends a call that taught nothing. */
  release(): void {
    this.inFlight = Math.max(0, this.inFlight - 1);
  }

  end(now: number, latencyMs: number, ok: boolean): void {
    this.release();
    if (!ok) {
      this.failures += 1;
      this.avoidUntil = now + Math.min(avoidMs * 2 ** (this.failures - 1), maxAvoidMs);
      return;
    }
    this.failures = 0;
    this.avoidUntil = 0;
    this.measured = { ms: this.average(now, latencyMs), at: now };
  }

  /** Undefined before the first measurement; fades with age, so that an instance once slow is tried again. */
  latencyMs(now: number): number | undefined {
    return this.measured && this.measured.ms * fade(now - this.measured.at);
  }

  /** The wait to expect if the instance works on one thing after another; at least 1 ms a call, so that idle memory cannot hide a queue. */
  cost(now: number, unknownMs: number): number {
    return Math.max(this.latencyMs(now) ?? unknownMs, 1) * (this.inFlight + 1);
  }

  /** Peak-sensitive, as in Finagle's PeakEwma: a slower answer is believed at once, a faster one bit by bit. */
  private average(now: number, latencyMs: number): number {
    if (this.measured === undefined || latencyMs > this.measured.ms) return latencyMs;
    const weight = fade(now - this.measured.at);
    return this.measured.ms * weight + latencyMs * (1 - weight);
  }
}

const fade = (ageMs: number): number => Math.exp(-Math.max(0, ageMs) / memoryMs);
