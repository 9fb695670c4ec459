import { describe, expect, it, jest } from '@jest/globals';
import {
  AppError,
  noTokens,
  type Completion,
  type CompletionRequest,
  type ErrorCode,
  type StreamBatch,
} from '@parley/contracts';
import { setImmediate } from 'node:timers/promises';
import { Deadline } from '@parley/resilience';
import type { Model, ModelProvider } from '../provider.js';
import { ModelRouter } from './model-router.js';

const model = (id: string): Model => ({ id, displayName: id, createdAt: new Date(0), ownedBy: 'test' });
const request = (id: string): CompletionRequest => ({ model: id, stream: false, messages: [] });
const completion = (id: string): Completion => ({
  id: 'c',
  model: id,
  created: 0,
  choices: [{ content: [{ type: 'text', text: 'hello' }], stop: { reason: 'end' } }],
  tokens: noTokens,
  estimated: false,
  dropped: [],
});
const batch: StreamBatch = [{ type: 'start', id: 's', model: 'm', created: 0, dropped: ['seed'] }];

function newProvider(name: string, ids: string[], knownModels?: RegExp) {
  const complete = jest.fn<ModelProvider['complete']>(async ({ model: id }: CompletionRequest) => completion(id));
  const listModels = jest.fn(async () => ids.map(model));
  const stream = jest.fn(async function* (): AsyncGenerator<StreamBatch> {
    yield batch;
    yield [{ type: 'end' }];
  });
  const provider: ModelProvider = {
    name,
    credential: '1',
    complete,
    stream,
    listModels,
    close: async () => undefined,
    ...(knownModels && { knownModels }),
  };
  return { provider, complete, listModels, stream };
}

function newRouter(bounds: { maxConcurrent?: number; maxQueued?: number; deadlineMs?: number } = {}) {
  const first = newProvider('first', ['shared', 'only-first'], /^known-/);
  const second = newProvider('second', ['shared', 'org/model']);
  const log = { warn: jest.fn() };
  const sut = new ModelRouter({
    providers: [first.provider, second.provider],
    maxConcurrent: 10,
    maxQueued: 0,
    deadlineMs: 60_000,
    log,
    ...bounds,
  });
  return { sut, first, second, log };
}

/** A provider that never answers. */
const hangs: ModelProvider['complete'] = (_request, { signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

const failing = (code: ErrorCode, retryAfterMs?: number) =>
  new AppError(code, retryAfterMs === undefined ? {} : { retryAfterMs });

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

describe('a provider that worked for nothing', () => {
  const gone = new Error('gone');

  it('is named when the caller leaves while it is at work', async () => {
    const { sut, first } = newRouter();
    first.complete.mockImplementation(hangs);
    first.provider.stream = async function* (asked, context) {
      yield* [];
      await hangs(asked, context);
    };
    for (const ask of [sut.complete.bind(sut), sut.stream.bind(sut)]) {
      const caller = new AbortController();
      const onBrokenOff = jest.fn();
      const answer = ask(request('shared'), { signal: caller.signal, onBrokenOff });
      await setImmediate();
      caller.abort(gone);
      await expect(answer).rejects.toBe(gone);
      expect(onBrokenOff.mock.calls).toEqual([['first']]);
    }
  });

  it.each<[ErrorCode, number]>([
    ['provider.interrupted', 1],
    ['provider.rejected', 0],
    ['provider.failed', 0],
  ])('with %s is named %d times', async (code, times) => {
    const { sut, first } = newRouter();
    first.complete.mockRejectedValue(failing(code));
    const onBrokenOff = jest.fn();
    await expect(sut.complete(request('shared'), { onBrokenOff })).rejects.toMatchObject({ code });
    expect(onBrokenOff).toHaveBeenCalledTimes(times);
  });

  it('is none where the caller leaves before it was asked', async () => {
    const { sut, first } = newRouter({ maxConcurrent: 1, maxQueued: 1 });
    first.complete.mockImplementation(hangs);
    void sut.complete(request('shared')).catch(() => undefined);
    const caller = new AbortController();
    const onBrokenOff = jest.fn();
    const waiting = sut.complete(request('shared'), { signal: caller.signal, onBrokenOff });
    caller.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    expect(onBrokenOff).not.toHaveBeenCalled();
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
