/** Slices of a window: it moves by a tenth, so it holds between 90 % and 100 % of its length. */
const slices = 10;

/** Counts of the last `windowMs`, in fixed memory and without allocation. */
export class SlidingWindow {
  private readonly counts: Float64Array;
  private readonly totals: Float64Array;
  private readonly sliceMs: number;
  private newest = 0;

  constructor(
    windowMs: number,
    private readonly counters: number,
  ) {
    this.sliceMs = windowMs / slices;
    this.counts = new Float64Array(slices * counters);
    this.totals = new Float64Array(counters);
  }

  add(now: number, counter: number, by = 1): void {
    this.advance(now);
    const cell = (this.newest % slices) * this.counters + counter;
    this.counts[cell] = (this.counts[cell] ?? 0) + by;
    this.totals[counter] = (this.totals[counter] ?? 0) + by;
  }

  total(now: number, counter: number): number {
    this.advance(now);
    return this.totals[counter] ?? 0;
  }

  clear(): void {
    this.counts.fill(0);
    this.totals.fill(0);
  }

  /** A clock that was set back counts into the newest slice until it has caught up. */
  private advance(now: number): void {
    const slice = Math.floor(now / this.sliceMs);
    if (slice <= this.newest) return;
    if (slice - this.newest >= slices) this.clear();
    else for (let passed = this.newest + 1; passed <= slice; passed += 1) this.expire(passed % slices);
    this.newest = slice;
  }

  private expire(index: number): void {
    for (let counter = 0; counter < this.counters; counter += 1) {
      const cell = index * this.counters + counter;
      this.totals[counter] = (this.totals[counter] ?? 0) - (this.counts[cell] ?? 0);
      this.counts[cell] = 0;
    }
  }
}
