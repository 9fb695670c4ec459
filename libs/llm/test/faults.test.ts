/** Real: both providers over HTTP to the offline model, which plays the faults. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppError, CompletionRequest, ErrorCode } from '@parley/contracts';
import { testOfflineModel, type TestOfflineModel } from '@parley/testing';
import { anthropicProvider, openaiCompatibleProvider, type ModelProvider } from '../src/index.js';

const limits = { connections: 4, firstByteTimeoutMs: 700, idleTimeoutMs: 700 };
let model: TestOfflineModel;
type Providers = Record<'anthropic' | 'openai', ModelProvider>;
let providers: Providers;
/** The same with all the time that a test has. */
let patient: Providers;

const newProviders = (bounds: typeof limits): Providers => ({
  anthropic: anthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl: model.url, ...bounds }),
  openai: openaiCompatibleProvider({ name: 'openai', baseUrl: `${model.url}/v1`, ...bounds }),
});

beforeAll(async () => {
  model = await testOfflineModel();
  providers = newProviders(limits);
  patient = newProviders({ connections: 4, firstByteTimeoutMs: 20_000, idleTimeoutMs: 20_000 });
});

afterAll(async () => {
  const all = [...Object.values(providers), ...Object.values(patient)];
  await Promise.all(all.map((provider) => provider.close()));
  await model.stop();
});

const ask = (text: string, stream: boolean): CompletionRequest => ({
  model: 'offline-small',
  stream,
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
});

const never = () => new AbortController().signal;

/** Asks, reads everything, and answers the failure. */
async function failureOf(provider: ModelProvider, request: CompletionRequest, signal = never()): Promise<AppError> {
  try {
    if (!request.stream) await provider.complete(request, { signal });
    else for await (const batch of provider.stream(request, { signal })) expect(batch.length).toBeGreaterThan(0);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('it did not fail');
}

const always: readonly (readonly [fault: string, code: ErrorCode])[] = [
  ['400', 'provider.rejected'],
  ['402', 'provider.unauthorized'],
  ['409', 'provider.conflict'],
  ['413', 'provider.request_too_large'],
  ['415', 'provider.rejected'],
  ['422', 'provider.unprocessable'],
  ['401', 'provider.unauthorized'],
  ['403', 'provider.unauthorized'],
  ['404', 'model.not_found'],
  ['429', 'provider.rate_limited'],
  ['500', 'provider.failed'],
  ['503', 'provider.overloaded'],
  ['529', 'provider.overloaded'],
  ['garbage', 'provider.bad_response'],
  ['wrong-shape', 'provider.bad_response'],
  ['half-stream', 'provider.interrupted'],
  ['nothing', 'provider.failed'],
  ['hang', 'provider.timeout'],
  ['stalled-stream', 'provider.timeout'],
];

describe.each(['anthropic', 'openai'] as const)('a provider that speaks %s', (name) => {
  describe.each([false, true])('asked with stream: %s', (stream) => {
    it.each(always)('that plays %s is %s', async (fault, code) => {
      const failure = await failureOf(providers[name], ask(`[offline: fault=${fault}]`, stream));
      expect(failure).toMatchObject({ name: 'AppError', code });
    });

    it('keeps the Retry-After of a 429', async () => {
      const failure = await failureOf(providers[name], ask('[offline: fault=429 retry-after=7]', stream));
      expect(failure.text.retryAfterMs).toBe(7_000);
    });

    it('tells the caller the provider’s words about the request, and not those about our credential', async () => {
      const rejected = await failureOf(providers[name], ask('[offline: fault=400]', stream));
      expect(rejected.text.detail).toBe('The script says that this request is wrong');
      const unauthorized = await failureOf(providers[name], ask('[offline: fault=401]', stream));
      expect(unauthorized.text.detail).toBeUndefined();
      // Some providers repeat the key in their words: these are not even logged.
      expect(unauthorized.text.internal).toBe(`${name} answered 401`);
    });

    it('fails with the reason of the signal that aborts it', async () => {
      const gone = new Error('the caller has gone');
      const controller = new AbortController();
      setTimeout(() => controller.abort(gone), 50);
      expect(await failureOf(providers[name], ask('[offline: fault=hang]', stream), controller.signal)).toBe(gone);
    });
  });

  it('whose stream ends before its answer does has broken off', async () => {
    const failure = await failureOf(providers[name], ask('[offline: fault=short-stream]', true));
    expect(failure).toMatchObject({ code: 'provider.interrupted' });
  });

  it('that sends byte by byte is understood, its characters whole', async () => {
    const said = 'naïve 🦜 “日本語”';
    let heard = '';
    const request = ask(`[offline: fault=drip delay=1 say="${said}"]`, true);
    for await (const batch of patient[name].stream(request, { signal: never() }))
      for (const event of batch) if (event.type === 'delta' && event.delta.type === 'text') heard += event.delta.text;
    expect(heard).toBe(said);
  });

  it('that sends a byte a second is given up when its first event is late', async () => {
    const failure = await failureOf(providers[name], ask('[offline: fault=drip delay=100]', true));
    expect(failure).toMatchObject({ code: 'provider.timeout' });
  });

  it('that tells of an error in the middle of its stream fails with that error', async () => {
    const failure = await failureOf(providers[name], ask('[offline: fault=error-event]', true));
    // OpenAI's stream says only that the server failed; Anthropic's tells an overload apart.
    expect(failure).toMatchObject({ code: name === 'anthropic' ? 'provider.overloaded' : 'provider.failed' });
  });

  it('that cannot be reached has failed', async () => {
    const at = { name, apiKey: 'key', baseUrl: 'http://127.0.0.1:1', ...limits };
    const unreachable = name === 'anthropic' ? anthropicProvider(at) : openaiCompatibleProvider(at);
    expect(await failureOf(unreachable, ask('hi', false))).toMatchObject({ code: 'provider.failed' });
    await expect(unreachable.listModels(never())).rejects.toMatchObject({ code: 'provider.failed' });
  });

  it('lists its models', async () => {
    const models = await providers[name].listModels(never());
    expect(models.map(({ id }) => id)).toContain('offline-small');
    expect(models[0]?.createdAt.getUTCFullYear()).toBe(2026);
  });
});
