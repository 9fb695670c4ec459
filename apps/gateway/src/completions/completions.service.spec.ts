import { describe, expect, it } from '@jest/globals';
import {
  AppError,
  noTokens,
  usageRecord,
  type CompletionRequest,
  type Identity,
  type StreamBatch,
  type UsageRecord,
} from '@parley/contracts';
import type { CallerLimits } from '@parley/limits';
import { PriceTable, type Caller, type LostCall, type ModelRouter } from '@parley/llm';
import { ManualClock } from '@parley/resilience/testing';
import { usedTokens } from '../call-limits/used-tokens.js';
import { PriceSchedule } from '../prices/price-schedule.js';
import type { TenantPrices } from '../prices/tenant-prices.js';
import type { CacheRates } from '../model-routes/cache-rates.js';
import type { TenantRoute } from '../model-routes/model-route.js';
import type { TenantRoutes } from '../model-routes/tenant-routes.js';
import { CallRecords, type OpenCall } from '../usage/call-records.js';
import type { UsageWriter } from '../usage/usage-writer.js';
import type { Answer, Ask } from './answering.js';
import { CompletionsService } from './completions.service.js';

const caller: Identity = {
  tenantId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  subject: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  permissions: new Set(),
  subjectType: 'user',
  actors: [],
  tokenId: '1f338a2f-836f-4ed6-9704-343caea6a97f',
  expiresAt: new Date(0),
};
const request: CompletionRequest = { model: 'a-model', stream: true, messages: [] };
const tokens = { ...noTokens, input: 3, output: 2 };

const start: StreamBatch = [{ type: 'start', id: '1', model: 'served-model', created: 0, dropped: [] }];
const words: StreamBatch = [{ type: 'delta', index: 0, delta: { type: 'text', text: 'eight ch' } }];
const end: StreamBatch = [{ type: 'end', tokens }];

/** A provider that was asked in vain, and had begun to work on the question. */
const worked = (error?: unknown): LostCall => ({
  provider: 'a-provider',
  model: 'asked-model',
  attempts: 1,
  error,
  tokens: { ...noTokens, input: 7 },
  estimated: true,
  worked: true,
});
const refused = (error: unknown): LostCall => ({ ...worked(error), tokens: noTokens, estimated: false, worked: false });

/** The service over a provider that gives `batches` and then `failure`; `events` is what happened, in order. */
function newCompletions(
  options: {
    batches?: readonly StreamBatch[];
    failure?: Error;
    available?: boolean;
    lost?: readonly LostCall[];
    route?: TenantRoute;
  } = {},
) {
  const events: string[] = [];
  const records: UsageRecord[] = [];
  const asked: CompletionRequest[] = [];
  const plans: Pick<Caller, 'route' | 'hedgeAfterMs'>[] = [];
  const charged: number[] = [];
  const limits = {
    chargeTokens: async (_caller: Identity, used: number) => void charged.push(used),
  };
  const usage = {
    available: options.available ?? true,
    begin: () => () => events.push('ended'),
    write: async (_tenant: string, record: UsageRecord) => {
      records.push(record);
      events.push('recorded');
    },
  };
  async function* stream() {
    yield* options.batches ?? [];
    if (options.failure) throw options.failure;
  }
  const server = { provider: 'a-provider', model: 'asked-model', attempts: 1 };
  const models = {
    stream: async (one: CompletionRequest, { onLost, route, hedgeAfterMs }: Caller) => {
      asked.push(one);
      plans.push({ route, hedgeAfterMs });
      for (const lost of options.lost ?? []) onLost?.(lost);
      return { ...server, stream: stream(), dropped: [] };
    },
    complete: async (_one: CompletionRequest, { onLost }: Caller) => {
      for (const lost of options.lost ?? []) onLost?.(lost);
      throw options.failure ?? new Error('no failure was given');
    },
  };
  const clock = new ManualClock();
  const table = new PriceTable([
    { version: 'v1', source: 'a test', as_of: '2026-01-01', models: { 'served-model': { input: '1', output: '10' } } },
  ]);
  const prices = { of: () => new PriceSchedule(table, []) } as unknown as TenantPrices;
  const calls = new CallRecords(usage as unknown as UsageWriter, limits as unknown as CallerLimits, prices, clock);
  const routes = { find: async () => options.route };
  const rates = {
    counting: (_tenant: string, _route: TenantRoute, call: OpenCall): OpenCall => ({
      ...call,
      record: (end) => {
        events.push('counted');
        return call.record(end);
      },
    }),
  };
  const sut = new CompletionsService(
    models as unknown as ModelRouter,
    calls,
    routes as unknown as TenantRoutes,
    rates as unknown as CacheRates,
  );
  const gone = new AbortController();
  const ask: Ask = { caller, token: 'a token', dialect: 'openai', request, signal: gone.signal };
  return { sut, ask, gone, events, records, asked, plans, charged };
}

describe('a name that is a route of the tenant’s', () => {
  const route: TenantRoute = { strategy: 'ordered', targets: [{ model: 'a' }], hedgeAfterMs: 700, revision: 'r' };

  it.each([
    [undefined, 700],
    [50, 50],
  ])('is asked by the route, whose hedge after %s ms is one after %d', async (hedgeAfterMs, expected) => {
    const { sut, ask, plans, events } = newCompletions({ batches: [start, end], route });
    const { stream } = await sut.stream({ ...ask, hedgeAfterMs });
    for await (const batch of stream) expect(batch).toBeDefined();
    expect(plans).toEqual([{ route, hedgeAfterMs: expected }]);
    expect(events).toEqual(['counted', 'recorded', 'ended']);
  });
});

describe('a streamed answer', () => {
  it('is on record before its end is passed on', async () => {
    const { sut, ask, events, records } = newCompletions({ batches: [start, words, end] });
    const { stream } = await sut.stream(ask);
    for await (const batch of stream) events.push(batch[0]?.type ?? '');

    expect(events).toEqual(['start', 'delta', 'recorded', 'end', 'ended']);
    expect(usageRecord.parse(records[0])).toEqual(records[0]);
    expect(records).toEqual([
      expect.objectContaining({
        outcome: 'completed',
        provider: 'a-provider',
        model: 'a-model',
        provider_model: 'served-model',
        tokens,
        estimated: false,
        api_key_id: null,
        attempts: 1,
        cost_usd: '0.000023',
        price_version: 'v1',
      }),
    ]);
  });

  it('that breaks off is recorded once with what was received, and breaks off for the caller too', async () => {
    const failure = new AppError('provider.interrupted');
    const { sut, ask, records } = newCompletions({ batches: [start, words], failure });
    const { stream } = await sut.stream(ask);
    const read = async () => {
      for await (const batch of stream) expect(batch).toBeDefined();
    };

    await expect(read()).rejects.toBe(failure);
    expect(records).toEqual([
      expect.objectContaining({
        outcome: 'interrupted',
        estimated: true,
        failure: 'provider.interrupted',
        cost_usd: '0.00002',
      }),
    ]);
    expect(records[0]?.tokens.output).toBe(2);
  });

  it('that the caller leaves is recorded as cancelled', async () => {
    const { sut, ask, gone, records } = newCompletions({ batches: [start, words, end] });
    const { stream } = await sut.stream(ask);
    for await (const batch of stream) {
      expect(batch).toBe(start);
      gone.abort();
      break;
    }
    expect(records).toEqual([expect.objectContaining({ outcome: 'cancelled', estimated: true })]);
  });
});

it('one that another provider was faster than is on record with what it has done, beside the answer', async () => {
  const { sut, ask, events, records } = newCompletions({ batches: [start, end], lost: [worked()] });
  const { stream } = await sut.stream(ask);
  for await (const batch of stream) events.push(batch[0]?.type ?? '');

  expect(events.indexOf('end')).toBeGreaterThan(events.lastIndexOf('recorded'));
  expect(records).toEqual([
    expect.objectContaining({ outcome: 'cancelled', provider_model: 'asked-model', estimated: true }),
    expect.objectContaining({ outcome: 'completed', provider_model: 'served-model', estimated: false }),
  ]);
  expect(records[0]?.failure).toBeUndefined();
});

describe('a call that nobody answers', () => {
  it.each([
    ['whose caller leaves is recorded as cancelled', true, 'cancelled', undefined],
    ['that breaks off is recorded as interrupted', false, 'interrupted', 'provider.interrupted'],
  ])('%s, with what was asked estimated, before its failure is passed on', async (_, leaves, outcome, code) => {
    const failure = new AppError('provider.interrupted');
    const { sut, ask, gone, events, records } = newCompletions({ failure, lost: [worked(failure)] });
    if (leaves) gone.abort();
    await expect(sut.complete(ask)).rejects.toBe(failure);
    expect(events).toEqual(['recorded', 'ended']);
    expect(records).toEqual([
      expect.objectContaining({ outcome, provider: 'a-provider', estimated: true, tokens: { ...noTokens, input: 7 } }),
    ]);
    expect(records[0]?.failure).toBe(code);
  });

  it('since providers refused it is on record once, as what it cost: nothing', async () => {
    const failure = new AppError('provider.overloaded');
    const lost = [refused(new AppError('provider.failed')), { ...refused(failure), attempts: 3 }];
    const { sut, ask, records } = newCompletions({ failure, lost });
    await expect(sut.complete(ask)).rejects.toBe(failure);
    expect(usageRecord.parse(records[0])).toMatchObject({
      outcome: 'interrupted',
      failure: 'provider.overloaded',
      attempts: 4,
      tokens: noTokens,
      estimated: false,
      cost_usd: '0',
    });
    expect(records).toHaveLength(1);
  });

  it('after one that worked for it has a record of that one alone', async () => {
    const failure = new AppError('provider.failed');
    const lost = [worked(new AppError('provider.interrupted')), refused(failure)];
    const { sut, ask, records } = newCompletions({ failure, lost });
    await expect(sut.complete(ask)).rejects.toBe(failure);
    expect(records).toEqual([expect.objectContaining({ failure: 'provider.interrupted', estimated: true })]);
  });

  it.each([
    ['no provider was asked', []],
    ['it could not be written down for any', [refused(new AppError('model.unsupported_parameter'))]],
  ])('since %s leaves no record', async (_, lost) => {
    const failure = new AppError('model.unsupported_parameter');
    const { sut, ask, records } = newCompletions({ failure, lost });
    await expect(sut.complete(ask)).rejects.toBe(failure);
    expect(records).toEqual([]);
  });
});

describe('what a key is charged with', () => {
  const read = async ({ stream }: Answer) => {
    for await (const batch of stream) expect(batch).toBeDefined();
  };

  it('is what is on record, once: of an answer, and of one that broke off', async () => {
    for (const failure of [undefined, new AppError('provider.interrupted')]) {
      const batches = failure ? [start, words] : [start, words, end];
      const { sut, ask, records, charged } = newCompletions({ batches, ...(failure && { failure }) });
      await read(await sut.stream(ask)).catch(() => undefined);
      expect(charged).toHaveLength(1);
      expect(charged).toEqual(records.map((record) => usedTokens(record.tokens)));
    }
  });

  it('is also what nobody waited for', async () => {
    const { sut, ask, records, charged } = newCompletions({ lost: [worked(new AppError('provider.interrupted'))] });
    await expect(sut.complete(ask)).rejects.toThrow('no failure was given');
    expect(charged).toEqual(records.map((record) => usedTokens(record.tokens)));
  });

  it('is nothing where no provider was paid', async () => {
    const { sut, ask, charged } = newCompletions();
    await expect(sut.complete(ask)).rejects.toThrow('no failure was given');
    expect(charged).toEqual([]);
  });
});

it('a call whose usage could not be kept is refused before a provider is asked', async () => {
  const { sut, ask, asked } = newCompletions({ available: false });
  await expect(sut.stream(ask)).rejects.toThrow(expect.objectContaining({ code: 'service.unavailable' }));
  await expect(sut.complete(ask)).rejects.toThrow(expect.objectContaining({ code: 'service.unavailable' }));
  expect(asked).toEqual([]);
});
