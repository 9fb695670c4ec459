import type { Clock } from './clock.js';

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private readonly timers = new Set<Timer>();

  constructor(private time = Date.UTC(2026, 0, 1)) {}

  /** Timers that are still to fire. */
  get pending(): number {
    return this.timers.size;
  }

  now(): number {
    return this.time;
  }

  setTimeout(fn: () => void, ms: number): () => void {
    const timer = { at: this.time + ms, fn };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Moves the time, firing what falls due in order; what a timer sets off by promises is done before the next fires. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let due = this.nextUntil(end); due; due = this.nextUntil(end)) {
      this.timers.delete(due);
      this.time = due.at;
      due.fn();
      await settled();
    }
    this.time = end;
    await settled();
  }

  private nextUntil(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}

/** Every promise that can settle by itself has settled once the event loop comes round to this. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));
