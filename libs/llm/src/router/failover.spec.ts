import { describe, expect, it } from '@jest/globals';
import type { ErrorCode, StreamBatch } from '@parley/contracts';
import { ManualClock } from '@parley/resilience/testing';
import type { LostCall } from './caller.js';
import { batch, failing, hangs, newProvider, request, routerOf } from './providers.fixture.js';
import type { Route } from './route.js';

const route: Route = {
  strategy: 'ordered',
  targets: [{ model: 'first/large' }, { model: 'second/small' }, { model: 'third/small' }],
};

function newRoute() {
  const [first, second, third] = [newProvider('first', []), newProvider('second', []), newProvider('third', [])];
  const { sut } = routerOf({ providers: [first.provider, second.provider, third.provider] });
  const lost: LostCall[] = [];
  const caller = { route, onLost: (one: LostCall) => void lost.push(one) };
  return { first, second, third, sut, lost, caller, ask: () => sut.complete(request('alias'), caller) };
}

describe('a route', () => {
  it('is answered by its first target, under the provider’s name of the model', async () => {
    const { ask, first, second } = newRoute();
    await expect(ask()).resolves.toMatchObject({ provider: 'first', model: 'large', attempts: 1 });
    expect(first.complete.mock.calls[0]?.[0].model).toBe('large');
    expect(second.complete).not.toHaveBeenCalled();
  });

  it.each<ErrorCode>([
    'provider.failed',
    'provider.overloaded',
    'provider.rate_limited',
    'provider.timeout',
    'provider.unauthorized',
    'provider.bad_response',
    'provider.interrupted',
    'provider.conflict',
    'model.not_found',
  ])('goes on to the next target at once after %s, and says how many tries that took', async (code) => {
    const { ask, first, lost } = newRoute();
    first.complete.mockRejectedValue(failing(code));
    await expect(ask()).resolves.toMatchObject({ provider: 'second', model: 'small', attempts: 2 });
    expect(first.complete).toHaveBeenCalledTimes(1);
    expect(lost).toEqual([expect.objectContaining({ provider: 'first', model: 'large', attempts: 1 })]);
  });

  it.each<ErrorCode>(['provider.rejected', 'provider.request_too_large', 'provider.unprocessable', 'request.invalid'])(
    'asks nobody else after %s, which is the caller’s own mistake',
    async (code) => {
      const { ask, first, second } = newRoute();
      first.complete.mockRejectedValue(failing(code));
      await expect(ask()).rejects.toMatchObject({ code });
      expect(second.complete).not.toHaveBeenCalled();
    },
  );

  it('tries its last target again, as it would the only one', async () => {
    const { ask, first, second, third } = newRoute();
    first.complete.mockRejectedValue(failing('provider.failed'));
    second.complete.mockRejectedValue(failing('provider.failed'));
    third.complete.mockRejectedValueOnce(failing('provider.failed'));
    await expect(ask()).resolves.toMatchObject({ provider: 'third', attempts: 4 });
  });

  it('passes by a target whose breaker is open, without asking it', async () => {
    const { ask, first, lost } = newRoute();
    first.complete.mockRejectedValue(failing('provider.failed'));
    for (let call = 0; call < 20; call += 1) await ask();
    lost.length = 0;
    await expect(ask()).resolves.toMatchObject({ provider: 'second', attempts: 1 });
    expect(first.complete).toHaveBeenCalledTimes(20);
    expect(lost).toEqual([]);
  });

  it('passes by a target that has no place left, and does not wait for one', async () => {
    const [first, second] = [newProvider('first', []), newProvider('second', [])];
    const { sut } = routerOf({ providers: [first.provider, second.provider], maxConcurrent: 1, maxQueued: 10 });
    await sut.stream(request('first/large'));
    await expect(sut.complete(request('alias'), { route })).resolves.toMatchObject({ provider: 'second', attempts: 1 });
  });

  it('whose targets all fail tells of the first failure that may pass', async () => {
    const { ask, first, second, third } = newRoute();
    first.complete.mockRejectedValue(failing('model.not_found'));
    second.complete.mockRejectedValue(failing('provider.rate_limited', 30_000));
    third.complete.mockRejectedValue(failing('provider.unauthorized'));
    await expect(ask()).rejects.toMatchObject({ code: 'provider.rate_limited', text: { retryAfterMs: 30_000 } });
  });

  it('whose fallback cannot carry the request tells why the first target did not answer', async () => {
    const { ask, first, second, third } = newRoute();
    first.complete.mockRejectedValue(failing('provider.overloaded'));
    second.complete.mockRejectedValue(failing('model.unsupported_parameter'));
    await expect(ask()).rejects.toMatchObject({ code: 'provider.overloaded' });
    expect(third.complete).not.toHaveBeenCalled();
  });

  it('leaves out a target of a provider that is not there any more', async () => {
    const { sut } = newRoute();
    const targets = [{ model: 'gone' }, { model: 'third/small' }];
    const served = sut.complete(request('alias'), { route: { ...route, targets } });
    await expect(served).resolves.toMatchObject({ provider: 'third', attempts: 1 });
    const none = sut.complete(request('alias'), { route: { ...route, targets: [{ model: 'gone' }] } });
    await expect(none).rejects.toMatchObject({ code: 'model.not_found' });
  });

  it('leaves half of the time to the others where a target keeps silent, plain or streamed', async () => {
    const clock = new ManualClock();
    const [first, second] = [newProvider('first', []), newProvider('second', [])];
    const { sut } = routerOf({ providers: [first.provider, second.provider], clock, deadlineMs: 60_000 });
    const targets = [{ model: 'first/large' }, { model: 'second/small' }];
    const lost: LostCall[] = [];
    const caller = { route: { ...route, targets }, onLost: (one: LostCall) => void lost.push(one) };
    first.complete.mockImplementation(hangs);
    first.stream.mockImplementation(async function* (asked, context) {
      yield* [];
      await hangs(asked, context);
    });
    for (const ask of [sut.complete.bind(sut), sut.stream.bind(sut)]) {
      const answer = ask(request('alias'), caller);
      await clock.advance(29_999);
      expect(lost).toEqual([]);
      await clock.advance(1);
      await expect(answer).resolves.toMatchObject({ provider: 'second', attempts: 2 });
      expect(lost.splice(0)).toMatchObject([{ worked: true, error: { code: 'provider.timeout' } }]);
    }
  });

  it('does not cut off a target’s stream that has begun in time', async () => {
    const clock = new ManualClock();
    const [first, second] = [newProvider('first', []), newProvider('second', [])];
    const { sut } = routerOf({ providers: [first.provider, second.provider], clock, deadlineMs: 60_000 });
    const targets = [{ model: 'first/large' }, { model: 'second/small' }];
    const { stream } = await sut.stream(request('alias'), { route: { ...route, targets } });
    await clock.advance(50_000);
    await expect(Array.fromAsync(stream)).resolves.toHaveLength(2);
    expect(first.stream.mock.calls[0]?.[1].signal.aborted).toBe(false);
  });

  it('asks nobody for a caller who has gone', async () => {
    const { sut, first, second, caller } = newRoute();
    const gone = new AbortController();
    first.complete.mockImplementation(async () => {
      gone.abort(failing('request.timeout'));
      throw failing('provider.failed');
    });
    const answer = sut.complete(request('alias'), { ...caller, signal: gone.signal });
    await expect(answer).rejects.toMatchObject({ code: 'provider.failed' });
    expect(second.complete).not.toHaveBeenCalled();
  });
});

describe('a streamed route', () => {
  const read = async (stream: AsyncIterable<StreamBatch>) => {
    const batches: StreamBatch[] = [];
    for await (const one of stream) batches.push(one);
    return batches;
  };

  it('goes on to the next target before the first byte', async () => {
    const { sut, caller, first } = newRoute();
    first.stream.mockImplementation(async function* () {
      yield* [];
      throw failing('provider.overloaded');
    });
    const { stream, ...served } = await sut.stream(request('alias'), caller);
    expect(served).toMatchObject({ provider: 'second', model: 'small', attempts: 2 });
    await expect(read(stream)).resolves.toHaveLength(2);
  });

  it('never does after it', async () => {
    const { sut, caller, first, second } = newRoute();
    first.stream.mockImplementation(async function* () {
      yield batch;
      throw failing('provider.interrupted');
    });
    const { stream } = await sut.stream(request('alias'), caller);
    await expect(read(stream)).rejects.toMatchObject({ code: 'provider.interrupted' });
    expect(second.stream).not.toHaveBeenCalled();
  });
});

describe('a provider with several credentials', () => {
  function newCredentials() {
    const [one, two] = ['1', '2'].map((credential) => newProvider('first', ['large'], { credential }));
    if (!one || !two) throw new Error('there are two');
    const clock = new ManualClock();
    const providers = [one.provider, two.provider];
    return { one, two, clock, ...routerOf({ providers, clock, maxConcurrentPerProvider: 3, maxConcurrent: 2 }) };
  }

  it('is asked with the one that is the least busy, and with each in turn where none is', async () => {
    const { sut, one, two, clock } = newCredentials();
    for (const asked of [one, two, one, two]) {
      asked.complete.mockClear();
      await clock.advance(1);
      await sut.complete(request('large'));
      expect(asked.complete).toHaveBeenCalledTimes(1);
    }
    await sut.stream(request('large'));
    two.complete.mockClear();
    await sut.complete(request('large'));
    await sut.complete(request('large'));
    expect(two.complete).toHaveBeenCalledTimes(2);
  });

  it.each<ErrorCode>(['provider.rate_limited', 'provider.unauthorized'])(
    'is asked with the next one after %s, and not with the first for a while',
    async (code) => {
      const { sut, one, two } = newCredentials();
      one.complete.mockRejectedValue(failing(code, 5_000));
      await expect(sut.complete(request('large'))).resolves.toMatchObject({ provider: 'first', attempts: 2 });
      await expect(sut.complete(request('large'))).resolves.toMatchObject({ attempts: 1 });
      expect([one, two].map(({ complete }) => complete.mock.calls.length)).toEqual([1, 2]);
    },
  );

  it('is asked with the next one after all other targets where the first met an outage', async () => {
    const { one, two } = newCredentials();
    const other = newProvider('other', []);
    const { sut } = routerOf({ providers: [one.provider, two.provider, other.provider] });
    one.complete.mockRejectedValue(failing('provider.failed'));
    other.complete.mockRejectedValue(failing('provider.rate_limited'));
    const targets = [{ model: 'first/large' }, { model: 'other/small' }];
    await expect(sut.complete(request('alias'), { route: { ...route, targets } })).resolves.toMatchObject({
      provider: 'first',
      attempts: 3,
    });
    expect(two.complete).toHaveBeenCalledTimes(1);
  });

  it('takes no more calls than the provider may have, with all of them together', async () => {
    const { sut } = newCredentials();
    for (let call = 0; call < 3; call += 1) await sut.stream(request('large'));
    await expect(sut.stream(request('large'))).rejects.toMatchObject({ code: 'service.overloaded' });
  });

  it('lists its models by the first credential that may read them', async () => {
    const { sut, one } = newCredentials();
    one.listModels.mockRejectedValue(failing('provider.unauthorized'));
    await expect(sut.list()).resolves.toMatchObject([{ id: 'large', provider: 'first' }]);
  });
});

it('a model takes no more calls than one model may have, and leaves the others theirs', async () => {
  const { provider } = newProvider('first', ['large', 'small']);
  const { sut } = routerOf({ providers: [provider], maxConcurrentPerModel: 1 });
  await sut.stream(request('large'));
  await expect(sut.stream(request('large'))).rejects.toMatchObject({ code: 'service.overloaded' });
  await expect(sut.stream(request('small'))).resolves.toBeDefined();
});

it('retries of all models together stay within the budget of their provider', async () => {
  const clock = new ManualClock();
  const { provider, complete } = newProvider('first', []);
  const { sut } = routerOf({ providers: [provider], clock, maxConcurrent: 20 });
  complete.mockRejectedValue(failing('provider.failed'));
  const calls = Array.from({ length: 20 }, (_, model) => sut.complete(request(`first/${model}`)));
  await Promise.all([Promise.allSettled(calls), clock.advance(1_000)]);
  // A fifth of the calls, and one a second of the ten that count.
  expect(complete).toHaveBeenCalledTimes(20 + 14);
});
