import { systemClock, type Clock } from './clock.js';
import { RejectedError } from './rejected.js';

/** Carries the milliseconds that remain, rather than a time of day, so that the clocks of two hosts need not agree. */
export const deadlineHeader = 'x-parley-deadline-ms';

/** Longest remaining time that a header may ask for: one hour. */
const maxHeaderMs = 3_600_000;

/** When the caller stops waiting; passed on from service to service, so that nobody works for a caller that has gone. */
export class Deadline {
  private controller: AbortController | undefined;
  private cancelTimer: (() => void) | undefined;

  private constructor(
    /** Milliseconds since the Unix epoch. */
    readonly at: number,
    private readonly clock: Clock,
  ) {}

  /** The deadline that is `ms` away. */
  static in(ms: number, clock: Clock = systemClock): Deadline {
    return new Deadline(clock.now() + ms, clock);
  }

  /** Reads `x-parley-deadline-ms`; undefined where it is absent or no whole number of milliseconds up to one hour. */
  static fromHeader(value: string | undefined, clock: Clock = systemClock): Deadline | undefined {
    if (value === undefined || !/^\d{1,7}$/.test(value) || Number(value) > maxHeaderMs) return undefined;
    return Deadline.in(Number(value), clock);
  }

  get remainingMs(): number {
    return Math.max(0, this.at - this.clock.now());
  }

  /** The value of `x-parley-deadline-ms` for a call made now. */
  toHeader(): string {
    return String(Math.floor(this.remainingMs));
  }

  /** Aborts at the deadline with a RejectedError `timeout`. The first use starts a timer, `release` stops it. */
  get signal(): AbortSignal {
    if (this.controller) return this.controller.signal;
    const controller = new AbortController();
    this.controller = controller;
    const abort = () => controller.abort(new RejectedError('timeout', 'deadline'));
    if (this.remainingMs === 0) abort();
    else this.cancelTimer = this.clock.setTimeout(abort, this.remainingMs);
    return controller.signal;
  }

  /** To be called once the work is done, so that no timer outlives it. */
  release(): void {
    this.cancelTimer?.();
  }
}
