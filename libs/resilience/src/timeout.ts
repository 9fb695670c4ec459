import { systemClock, type Clock } from './clock.js';
import { neverAborts, type Policy } from './policy.js';
import { RejectedError } from './rejected.js';
import { untilAborted } from './until-aborted.js';

export interface TimeoutOptions {
  /** For the log; default `timeout`. */
  readonly name?: string;
  readonly ms: number;
  readonly clock?: Clock;
}

/**
 * Gives up after `ms` with RejectedError `timeout`, whether or not `fn` heeds its signal. A result stays tied to the
 * caller's signal, so that a body which is still being read can be cancelled.
 */
export const timeout = ({ name = 'timeout', ms, clock = systemClock }: TimeoutOptions): Policy => ({
  async execute(fn, signal = neverAborts) {
    signal.throwIfAborted();
    const controller = new AbortController();
    const cancel = clock.setTimeout(() => controller.abort(new RejectedError('timeout', name)), ms);
    const either = signal === neverAborts ? controller.signal : AbortSignal.any([signal, controller.signal]);
    try {
      return await untilAborted(fn(either), either);
    } finally {
      cancel();
    }
  },
});
