import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PolicyEvent } from '../events.js';
import { isRejected } from '../rejected.js';
import { ManualClock } from '../testing.js';
import { Bulkhead } from './bulkhead.js';

const newBulkhead = (maxConcurrent: number, maxQueued: number) => {
  const clock = new ManualClock();
  const sut = new Bulkhead({ name: 'provider', maxConcurrent, maxQueued, queueTimeoutMs: 1_000, clock });
  const events: PolicyEvent[] = [];
  sut.on((event) => events.push(event));
  return { sut, clock, events };
};

/** A call that runs until it is told to end. */
function held(sut: Bulkhead, signal?: AbortSignal) {
  const gate = Promise.withResolvers<string>();
  let started = false;
  const result = sut.execute(() => {
    started = true;
    return gate.promise;
  }, signal);
  result.catch(() => undefined);
  return { started: () => started, end: gate.resolve, fail: gate.reject, result };
}

/** Callers who come, finish and give up as a test tells them to. */
function newCallers(sut: Bulkhead, clock: ManualClock) {
  const calls = new Set<ReturnType<typeof held> & { readonly caller: AbortController }>();
  let refused = false;
  const running = () => [...calls].find((call) => call.started());
  const finish = async (how: 'end' | 'fail') => {
    const oldest = running();
    if (oldest) calls.delete(oldest);
    if (how === 'end') oldest?.end('done');
    else oldest?.fail(new Error('failed'));
    await clock.advance(0);
  };
  return {
    running,
    lastRefused: () => refused,
    async call() {
      const caller = new AbortController();
      const call = Object.assign(held(sut, caller.signal), { caller });
      calls.add(call);
      refused = false;
      call.result.catch((error: unknown) => {
        refused = isRejected(error);
        calls.delete(call);
      });
      await clock.advance(0);
    },
    end: () => finish('end'),
    fail: () => finish('fail'),
    async cancel() {
      [...calls].findLast((call) => !call.started())?.caller.abort();
      await clock.advance(0);
    },
    wait: () => clock.advance(400),
  };
}

describe('a bulkhead', () => {
  it('never runs or queues more than its bounds, refuses only when full, and loses nobody', async () => {
    const bounds = fc.record({ concurrent: fc.integer({ min: 1, max: 4 }), queued: fc.nat({ max: 4 }) });
    const moves = fc.array(fc.constantFrom('call', 'end', 'fail', 'cancel', 'wait'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(bounds, moves, async ({ concurrent, queued }, run) => {
        const { sut, clock } = newBulkhead(concurrent, queued);
        const callers = newCallers(sut, clock);
        for (const move of run) {
          const full = sut.active === concurrent && sut.queued === queued;
          await callers[move]();
          if (move === 'call') expect(callers.lastRefused()).toBe(full);
          expect(sut.active).toBeLessThanOrEqual(concurrent);
          expect(sut.queued).toBeLessThanOrEqual(sut.active === concurrent ? queued : 0);
        }
        while (callers.running()) await callers.end();
        expect([sut.active, sut.queued, clock.pending]).toEqual([0, 0, 0]);
      }),
      { numRuns: 100 },
    );
  });

  it('serves those who wait in the order they came', async () => {
    const { sut, clock } = newBulkhead(1, 2);
    const [first, second, third] = [held(sut), held(sut), held(sut)];
    first.end('1');
    await clock.advance(0);
    expect([second.started(), third.started()]).toEqual([true, false]);
    second.end('2');
    third.end('3');
    await expect(Promise.all([first.result, second.result, third.result])).resolves.toEqual(['1', '2', '3']);
  });

  it('refuses one who has waited for the queue timeout', async () => {
    const { sut, clock, events } = newBulkhead(1, 1);
    const running = held(sut);
    const waiting = held(sut);
    await clock.advance(1_000);
    await expect(waiting.result).rejects.toMatchObject({ reason: 'bulkhead_full', policy: 'provider' });
    expect(events).toEqual([{ kind: 'rejected', name: 'provider', reason: 'bulkhead_full' }]);
    running.end('done');
    await running.result;
    expect(waiting.started()).toBe(false);
  });

  it('frees the place of one who gives up waiting', async () => {
    const { sut } = newBulkhead(1, 1);
    const running = held(sut);
    const caller = new AbortController();
    const waiting = held(sut, caller.signal);
    caller.abort(new Error('gone'));
    await expect(waiting.result).rejects.toThrow('gone');
    expect(sut.queued).toBe(0);
    running.end('done');
    await running.result;
    expect(sut.active).toBe(0);
  });
});
