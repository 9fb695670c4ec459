import { describe, expect, it, jest } from '@jest/globals';
import type { CompletionRequest, ErrorCode, StreamBatch } from '@parley/contracts';
import { setImmediate } from 'node:timers/promises';
import { Deadline } from '@parley/resilience';
import type { ModelProvider } from '../provider.js';
import type { LostCall } from './caller.js';
import type { ModelRouterOptions } from './model-router.js';
import { batch, completion, failing, hangs, newProvider, request, routerOf } from './providers.fixture.js';

function newRouter(options: Partial<ModelRouterOptions> = {}) {
  const first = newProvider('first', ['shared', 'only-first'], { knownModels: /^known-/ });
  const second = newProvider('second', ['shared', 'org/model']);
  return { first, second, ...routerOf({ providers: [first.provider, second.provider], ...options }) };
}

describe('a model', () => {
  it.each([
    ['shared', 'first', 'shared'],
    ['second/shared', 'second', 'shared'],
    ['org/model', 'second', 'org/model'],
    ['known-but-not-listed', 'first', 'known-but-not-listed'],
    ['second/not-listed', 'second', 'not-listed'],
  ])('named %s is asked of %s as %s', async (id, provider, asked) => {
    const { sut } = newRouter();
    const { completion: answer, provider: served } = await sut.complete(request(id));
    expect([served, answer.model]).toEqual([provider, asked]);
  });

  it('that nobody serves is not found', async () => {
    const { sut } = newRouter();
    await expect(sut.complete(request('nobody'))).rejects.toMatchObject({ code: 'model.not_found' });
    await expect(sut.get('nobody')).rejects.toMatchObject({ code: 'model.not_found' });
  });

  it('of a well-known family does not wait for a list that hangs', async () => {
    const { sut, first } = newRouter();
    first.listModels.mockReturnValue(new Promise(() => undefined));
    await expect(sut.complete(request('known-x'))).resolves.toMatchObject({ provider: 'first' });
  });

  it('is found in one provider’s list when the other’s cannot be read, which is logged', async () => {
    const { sut, first, log } = newRouter();
    first.listModels.mockRejectedValue(failing('provider.unauthorized'));
    await expect(sut.complete(request('org/model'))).resolves.toMatchObject({ provider: 'second' });
    await expect(sut.complete(request('nobody'))).rejects.toMatchObject({ code: 'model.not_found' });
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it('is not said to be missing when no list could be read', async () => {
    const { sut, first, second } = newRouter();
    first.listModels.mockRejectedValue(failing('provider.failed'));
    second.listModels.mockRejectedValue(failing('provider.failed'));
    await expect(sut.complete(request('nobody'))).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('is described once for all who read of it, so that a list costs the same however many ask for it', async () => {
    const { sut } = newRouter();
    const [[shared], [again], got] = [await sut.list(), await sut.list(), await sut.get('shared')];
    expect(shared).toBe(again);
    expect(shared).toBe(got);
  });

  it('is listed once, by the provider that serves it, and under the name it was asked for', async () => {
    const { sut } = newRouter();
    const offered = (await sut.list()).map(({ id, provider }) => `${provider}:${id}`);
    expect(offered).toEqual(['first:shared', 'first:only-first', 'second:org/model']);
    await expect(sut.get('second/shared')).resolves.toMatchObject({ id: 'second/shared', provider: 'second' });
  });
});

describe('a count of tokens', () => {
  it('is the provider’s own, and tried again as any call', async () => {
    const { sut, first } = newRouter();
    const countTokens = jest.fn<NonNullable<ModelProvider['countTokens']>>();
    countTokens.mockRejectedValueOnce(failing('provider.failed')).mockResolvedValue(7);
    Object.assign(first.provider, { countTokens });
    await expect(sut.countTokens(request('first/x'))).resolves.toBe(7);
    expect(countTokens.mock.calls.map(([{ model: asked }]) => asked)).toEqual(['x', 'x']);
  });

  it('is refused, and nothing estimated, where the provider has none', async () => {
    const { sut } = newRouter();
    await expect(sut.countTokens(request('shared'))).rejects.toMatchObject({ code: 'model.cannot_count' });
  });
});

describe('a call that fails', () => {
  it('is made again when that may help, and the tries are counted', async () => {
    const { sut, first } = newRouter();
    first.complete.mockRejectedValueOnce(failing('provider.failed'));
    await expect(sut.complete(request('shared'))).resolves.toMatchObject({ attempts: 2 });
  });

  it.each<[ErrorCode, number | undefined]>([
    ['provider.rejected', undefined],
    ['provider.timeout', undefined],
    ['provider.interrupted', undefined],
    ['provider.bad_response', undefined],
    ['provider.rate_limited', undefined],
    ['provider.rate_limited', 30_000],
  ])('with %s and Retry-After %s is the caller’s at once', async (code, retryAfterMs) => {
    const { sut, first } = newRouter();
    first.complete.mockRejectedValue(failing(code, retryAfterMs));
    await expect(sut.complete(request('shared'))).rejects.toMatchObject({ code });
    expect(first.complete).toHaveBeenCalledTimes(1);
  });

  it('again and again is refused without asking the provider', async () => {
    const { sut, first } = newRouter();
    first.complete.mockRejectedValue(failing('provider.timeout'));
    const ask = () => sut.complete(request('shared')).catch((error: unknown) => error);
    for (let call = 0; call < 20; call += 1) await ask();
    expect(await ask()).toMatchObject({ code: 'provider.overloaded' });
    expect(first.complete).toHaveBeenCalledTimes(20);
    await expect(sut.complete(request('only-first'))).rejects.toMatchObject({ code: 'provider.timeout' });
  });

  it('because the platform’s time is up is a timeout of the provider, and after enough of them it is not asked', async () => {
    const { sut, first } = newRouter({ deadlineMs: 20, maxConcurrent: 30 });
    first.complete.mockImplementation(hangs);
    const ask = () => sut.complete(request('shared'));
    const calls = await Promise.allSettled(Array.from({ length: 20 }, ask));
    for (const call of calls) expect(call).toMatchObject({ reason: { code: 'provider.timeout' } });
    await expect(ask()).rejects.toMatchObject({ code: 'provider.overloaded' });
  });

  it('because its caller stops waiting sooner is no fault of the provider, however often', async () => {
    const { sut, first } = newRouter({ maxConcurrent: 30 });
    first.complete.mockImplementation(hangs);
    const impatient = () => sut.complete(request('shared'), { deadline: Deadline.in(1) });
    const calls = await Promise.allSettled(Array.from({ length: 30 }, impatient));
    for (const call of calls) expect(call).toMatchObject({ reason: { code: 'service.timeout' } });
    first.complete.mockImplementation(async () => completion('shared'));
    await expect(sut.complete(request('shared'))).resolves.toMatchObject({ provider: 'first' });
  });
});

describe('a provider that was asked in vain', () => {
  const gone = new Error('gone');

  it('is told of, with what it was asked, when the caller leaves while it is at work', async () => {
    const { sut, first } = newRouter();
    first.complete.mockImplementation(hangs);
    first.provider.stream = async function* (asked, context) {
      yield* [];
      await hangs(asked, context);
    };
    const content = [{ type: 'text' as const, text: 'How far is the moon?' }];
    const asked: CompletionRequest = { ...request('shared'), messages: [{ role: 'user', content }] };
    for (const ask of [sut.complete.bind(sut), sut.stream.bind(sut)]) {
      const caller = new AbortController();
      const onLost = jest.fn<(lost: LostCall) => void>();
      const answer = ask(asked, { signal: caller.signal, onLost });
      await setImmediate();
      caller.abort(gone);
      await expect(answer).rejects.toBe(gone);
      const told = { provider: 'first', model: 'shared', attempts: 1, error: gone, worked: true, estimated: true };
      expect(onLost.mock.calls).toEqual([[expect.objectContaining(told)]]);
      expect(onLost.mock.calls[0]?.[0].tokens.input).toBeGreaterThan(0);
    }
  });

  it.each<[ErrorCode, boolean]>([
    ['provider.interrupted', true],
    ['provider.rejected', false],
    ['provider.timeout', false],
  ])('and fails with %s has cost something: %s', async (code, worked) => {
    const { sut, first } = newRouter();
    first.complete.mockRejectedValue(failing(code));
    const onLost = jest.fn<(lost: LostCall) => void>();
    await expect(sut.complete(request('shared'), { onLost })).rejects.toMatchObject({ code });
    expect(onLost.mock.calls).toEqual([[expect.objectContaining({ worked, estimated: worked })]]);
  });

  it('is none where the caller leaves before it was asked', async () => {
    const { sut, first } = newRouter({ maxConcurrent: 1, maxQueued: 1 });
    first.complete.mockImplementation(hangs);
    void sut.complete(request('shared')).catch(() => undefined);
    const caller = new AbortController();
    const onLost = jest.fn();
    const waiting = sut.complete(request('shared'), { signal: caller.signal, onLost });
    caller.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    expect(onLost).not.toHaveBeenCalled();
  });
});

describe('a stream', () => {
  it('that fails before its first events is tried again, and says what was dropped', async () => {
    const { sut, first } = newRouter();
    first.stream.mockImplementationOnce(async function* () {
      yield* [];
      throw failing('provider.overloaded');
    });
    await expect(sut.stream(request('shared'))).resolves.toMatchObject({ attempts: 2, dropped: ['seed'] });
  });

  it('that fails after its first events is not tried again', async () => {
    const { sut, first } = newRouter();
    first.stream.mockImplementationOnce(async function* () {
      yield batch;
      throw failing('provider.interrupted');
    });
    const { stream } = await sut.stream(request('shared'));
    const read = async () => {
      const batches: StreamBatch[] = [];
      for await (const one of stream) batches.push(one);
      return batches;
    };
    await expect(read()).rejects.toMatchObject({ code: 'provider.interrupted' });
    expect(first.stream).toHaveBeenCalledTimes(1);
  });

  it('that breaks off after its first events, again and again, is refused without asking the provider', async () => {
    const { sut, first } = newRouter({ maxConcurrent: 30 });
    first.stream.mockImplementation(async function* () {
      yield batch;
      throw failing('provider.interrupted');
    });
    for (let call = 0; call < 20; call += 1) {
      const { stream } = await sut.stream(request('shared'));
      const reader = stream[Symbol.asyncIterator]();
      await reader.next();
      await expect(reader.next()).rejects.toMatchObject({ code: 'provider.interrupted' });
    }
    await expect(sut.stream(request('shared'))).rejects.toMatchObject({ code: 'provider.overloaded' });
  });

  it('that its caller aborts is no fault of the provider, however often', async () => {
    const { sut } = newRouter({ maxConcurrent: 30 });
    for (let call = 0; call < 30; call += 1) {
      const caller = new AbortController();
      await sut.stream(request('shared'), { signal: caller.signal });
      caller.abort(failing('request.timeout'));
    }
    await setImmediate();
    await expect(sut.complete(request('shared'))).resolves.toMatchObject({ provider: 'first' });
  });

  it.each(['read', 'left', 'aborted'])('keeps its place among the calls until it is %s', async (how) => {
    const { sut } = newRouter({ maxConcurrent: 1, maxQueued: 0 });
    const caller = new AbortController();
    const { stream } = await sut.stream(request('shared'), { signal: caller.signal });
    await expect(sut.complete(request('shared'))).rejects.toMatchObject({ code: 'service.overloaded' });
    const reader = stream[Symbol.asyncIterator]();
    if (how === 'aborted') caller.abort(new Error('gone'));
    if (how === 'left') await reader.return?.();
    if (how === 'read') while (!(await reader.next()).done);
    await setImmediate();
    await expect(sut.complete(request('shared'))).resolves.toMatchObject({ provider: 'first' });
  });
});
