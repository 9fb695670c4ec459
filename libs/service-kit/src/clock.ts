import { systemClock, type Clock as ResilienceClock } from '@parley/resilience';

/** The injectable clock: any code that asks for the time or waits takes this, so that its tests can move it. */
export abstract class Clock implements ResilienceClock {
  abstract now(): number;
  abstract setTimeout(fn: () => void, ms: number): () => void;
}

export { systemClock };
