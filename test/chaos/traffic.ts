import { expect } from '@jest/globals';
import { eventually } from '@parley/testing';

/** Times are those of `performance.now()`. */
export interface Call {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Calls without pause until told to stop. */
export interface Traffic {
  /** Those that have ended, in that order. */
  readonly calls: readonly Call[];
  /** Resolves when more than so many calls have ended from now on. */
  untilMore(count: number): Promise<void>;
  /** Resolves when more than so many calls have begun after the time, and ended. */
  untilSince(at: number, count: number): Promise<void>;
  /** Answers every call that was made. */
  stop(): Promise<readonly Call[]>;
}

/** Nobody stops the traffic of a test that failed. */
const maxCalls = 100_000;
const withinMs = { timeoutMs: 30_000 };

/** So many callers at a time, each with its next call as soon as the last has ended; `once` answers a call's status. */
export function traffic(callers: number, once: (caller: number, turn: number) => Promise<number>): Traffic {
  const calls: Call[] = [];
  let going = true;
  const loops = Array.from({ length: callers }, async (_, caller) => {
    for (let turn = 0; going && calls.length < maxCalls; turn += 1) {
      const startedAt = performance.now();
      const status = await once(caller, turn).catch(() => 0);
      calls.push({ status, startedAt, endedAt: performance.now() });
    }
  });
  const until = (some: () => number, count: number): Promise<void> =>
    eventually(() => expect(some()).toBeGreaterThan(count), withinMs);
  return {
    calls,
    untilMore: (count) => until(() => calls.length, calls.length + count),
    untilSince: (at, count) => until(() => calls.filter(({ startedAt }) => startedAt > at).length, count),
    stop: async () => {
      going = false;
      await Promise.all(loops);
      return calls;
    },
  };
}

/** Which statuses there were. */
export const statusesOf = (calls: readonly Call[]): number[] => [...new Set(calls.map(({ status }) => status))].sort();
