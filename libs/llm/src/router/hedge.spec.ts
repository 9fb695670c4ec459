import { describe, expect, it } from '@jest/globals';
import { noTokens, type Completion, type StreamBatch } from '@parley/contracts';
import { ManualClock } from '@parley/resilience/testing';
import type { LostCall } from './caller.js';
import { batch, completion, failing, hangs, newProvider, request, routerOf } from './providers.fixture.js';
import type { Route } from './route.js';

const route: Route = { strategy: 'ordered', targets: [{ model: 'first/large' }, { model: 'second/small' }] };

/** A hedged route whose first target does not answer by itself. */
function newHedge() {
  const clock = new ManualClock();
  const [first, second] = [newProvider('first', []), newProvider('second', [])];
  const { sut } = routerOf({ providers: [first.provider, second.provider], clock });
  const lost: LostCall[] = [];
  const caller = { route, hedgeAfterMs: 500, onLost: (one: LostCall) => void lost.push(one) };
  first.complete.mockImplementation(hangs);
  return { clock, first, second, sut, lost, caller, ask: () => sut.complete(request('alias'), caller) };
}

describe('a hedged call', () => {
  it('asks the next target where the first has not answered in time, and leaves the first', async () => {
    const { ask, clock, second, first, lost } = newHedge();
    const answer = ask();
    await clock.advance(499);
    expect(second.complete).not.toHaveBeenCalled();
    await clock.advance(1);
    await expect(answer).resolves.toMatchObject({ provider: 'second', attempts: 2 });
    expect(first.complete.mock.calls[0]?.[1].signal.aborted).toBe(true);
    expect(lost).toEqual([expect.objectContaining({ provider: 'first', model: 'large', attempts: 1, worked: true })]);
    expect(lost[0]).not.toHaveProperty('error');
  });

  it('asks nobody else where the first answers in time', async () => {
    const { ask, first, second, clock } = newHedge();
    first.complete.mockImplementation(async () => completion('large'));
    await expect(ask()).resolves.toMatchObject({ provider: 'first', attempts: 1 });
    await clock.advance(1_000);
    expect(second.complete).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  it('takes the first where that answers sooner after all', async () => {
    const { ask, first, second, clock, lost } = newHedge();
    const slow = Promise.withResolvers<Completion>();
    first.complete.mockReturnValue(slow.promise);
    second.complete.mockImplementation(hangs);
    const answer = ask();
    await clock.advance(500);
    slow.resolve(completion('large'));
    await expect(answer).resolves.toMatchObject({ provider: 'first', attempts: 2 });
    await clock.advance(0);
    expect(lost).toEqual([expect.objectContaining({ provider: 'second', worked: true })]);
  });

  it('tells what an answer has used that came whole, and too late', async () => {
    const { ask, first, clock, lost } = newHedge();
    const slow = Promise.withResolvers<Completion>();
    first.complete.mockReturnValue(slow.promise);
    const answer = ask();
    await clock.advance(500);
    await answer;
    slow.resolve(completion('large'));
    await clock.advance(0);
    expect(lost).toEqual([
      {
        provider: 'first',
        model: 'large',
        attempts: 1,
        worked: true,
        tokens: { ...noTokens, input: 3 },
        estimated: false,
      },
    ]);
  });

  it('goes on to the next target at once where the first fails, and hedges that no more', async () => {
    const { ask, first, second, clock } = newHedge();
    first.complete.mockRejectedValue(failing('provider.failed'));
    await expect(ask()).resolves.toMatchObject({ provider: 'second', attempts: 2 });
    await clock.advance(1_000);
    expect(second.complete).toHaveBeenCalledTimes(1);
  });

  it('waits for the first where the second fails', async () => {
    const { ask, first, second, clock } = newHedge();
    const slow = Promise.withResolvers<Completion>();
    first.complete.mockReturnValue(slow.promise);
    second.complete.mockRejectedValue(failing('provider.unauthorized'));
    const answer = ask();
    await clock.advance(500);
    slow.resolve(completion('large'));
    await expect(answer).resolves.toMatchObject({ provider: 'first' });
  });

  it('that both fail tells of the failure that may pass', async () => {
    const { ask, first, second, clock } = newHedge();
    const slow = Promise.withResolvers<Completion>();
    first.complete.mockReturnValue(slow.promise);
    second.complete.mockRejectedValue(failing('provider.unauthorized'));
    const answer = expect(ask()).rejects.toMatchObject({ code: 'provider.overloaded' });
    await clock.advance(500);
    slow.reject(failing('provider.overloaded'));
    await answer;
  });

  it('ends at once with a mistake of the caller’s, whoever finds it', async () => {
    const { ask, second, clock, lost } = newHedge();
    second.complete.mockRejectedValue(failing('provider.rejected'));
    const answer = expect(ask()).rejects.toMatchObject({ code: 'provider.rejected' });
    await clock.advance(500);
    await answer;
    expect(lost.map(({ provider }) => provider)).toEqual(['second', 'first']);
  });

  it('asks the only target a second time where there is no other', async () => {
    const { sut, first, clock, caller } = newHedge();
    first.complete.mockImplementationOnce(hangs).mockResolvedValueOnce(completion('large'));
    const answer = sut.complete(request('first/large'), { ...caller, route: undefined });
    await clock.advance(500);
    await expect(answer).resolves.toMatchObject({ provider: 'first', attempts: 2 });
  });

  it('takes at most half of the budget of retries, so that a slow provider does not get twice the load, nor other callers none', async () => {
    const clock = new ManualClock();
    const { provider, complete } = newProvider('first', []);
    const { sut } = routerOf({ providers: [provider], clock, maxConcurrent: 100 });
    const gone = new AbortController();
    complete.mockImplementation(hangs);
    const hedged = Array.from({ length: 30 }, () =>
      sut.complete(request('first/large'), { hedgeAfterMs: 500, signal: gone.signal }).catch(() => undefined),
    );
    await clock.advance(500);
    // A fifth of the calls, and one a second of the ten that count: of these 16 half.
    expect(complete).toHaveBeenCalledTimes(30 + 8);

    complete.mockRejectedValueOnce(failing('provider.failed')).mockResolvedValueOnce(completion('large'));
    const another = sut.complete(request('first/large'));
    await clock.advance(1_000);
    await expect(another).resolves.toMatchObject({ attempts: 2 });
    gone.abort();
    await Promise.all(hedged);
  });

  it('leaves a stream that began too late, and reads the other one whole', async () => {
    const { sut, first, clock, caller, lost } = newHedge();
    const slow = Promise.withResolvers<StreamBatch>();
    let left = false;
    first.stream.mockImplementation(async function* () {
      try {
        yield await slow.promise;
        yield [{ type: 'end' }];
      } finally {
        left = true;
      }
    });
    const answer = sut.stream(request('alias'), caller);
    await clock.advance(500);
    const { stream, provider } = await answer;
    slow.resolve(batch);
    await clock.advance(0);
    const batches: StreamBatch[] = [];
    for await (const one of stream) batches.push(one);
    expect([provider, batches.length, left]).toEqual(['second', 2, true]);
    expect(lost).toEqual([expect.objectContaining({ provider: 'first', worked: true, estimated: true })]);
  });
});
