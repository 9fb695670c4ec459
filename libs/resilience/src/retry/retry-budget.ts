import { systemClock, type Clock } from '../clock.js';
import { SlidingWindow } from '../sliding-window.js';

export interface RetryBudgetOptions {
  /** Retries allowed per call, for example 0.2. */
  readonly ratio: number;
  /** Retries a second that are allowed besides, so that a quiet service may retry at all. */
  readonly minPerSecond: number;
  readonly clock?: Clock;
}

const windowMs = 10_000;
const [calls, retries] = [0, 1];

/**
 * Keeps retries from multiplying the load on a target that is failing: within any 10 s it grants at most
 * `ratio` × calls + 10 × `minPerSecond`. After Finagle's RetryBudget. Shared by all calls to one target.
 */
export class RetryBudget {
  private readonly window = new SlidingWindow(windowMs, 2);
  private readonly clock: Clock;

  constructor(private readonly options: RetryBudgetOptions) {
    this.clock = options.clock ?? systemClock;
  }

  /** Notes a call's first try. */
  call(): void {
    this.window.add(this.clock.now(), calls);
  }

  /**
   * Takes one retry out of the budget; false where there is none left. With a share below 1 the rest of the budget is left
   * to those who need it more: false where that share is used up, by whomever.
   */
  take(share = 1): boolean {
    const now = this.clock.now();
    const { ratio, minPerSecond } = this.options;
    const allowed = ratio * this.window.total(now, calls) + (minPerSecond * windowMs) / 1000;
    if (this.window.total(now, retries) + 1 > share * allowed) return false;
    this.window.add(now, retries);
    return true;
  }
}
