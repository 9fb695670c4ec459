import { ManualClock } from '@parley/resilience/testing';
import { Clock } from '@parley/service-kit';

/** ManualClock as the injectable clock that Nest knows by its class. */
export class TestClock extends Clock {
  private readonly manual = new ManualClock();

  now(): number {
    return this.manual.now();
  }

  setTimeout(fn: () => void, ms: number): () => void {
    return this.manual.setTimeout(fn, ms);
  }

  advance(ms: number): Promise<void> {
    return this.manual.advance(ms);
  }
}
