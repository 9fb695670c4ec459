import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { anthropic, call, demoKey, openai } from './platform.js';
import { secondTenant } from './second-tenant.js';

type Tokens = Record<'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning', number>;

interface Report {
  readonly requests: number;
  readonly tokens: Tokens;
  readonly cost_usd: string;
  readonly unpriced_requests: number;
}

/** What a key of a tenant of its own has used, once so many of its calls are in the report. */
const reportOf = (key: string, requests: number): Promise<Report> =>
  eventually(
    async () => {
      const report = (await call('GET', '/v1/analytics/usage', { key })).json() as unknown as Report;
      expect(report.requests).toBe(requests);
      return report;
    },
    { timeoutMs: 10_000 },
  );

/** Hundredths of a dollar per million tokens, as the vendors publish them. */
const rates = {
  'claude-opus-4-8': { input: 500, output: 2_500, cache_read: 50, cache_write: 625, cache_write_1h: 1_000 },
  'gpt-5.4': { input: 250, output: 1_500, cache_read: 25, cache_write: 250, cache_write_1h: 250 },
};

/** Exact, so that nothing is rounded here either. */
function picodollars(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}

function costAt(model: keyof typeof rates, tokens: Tokens, written1h = 0): bigint {
  const rate = rates[model];
  const cents =
    tokens.input * rate.input +
    (tokens.output + tokens.reasoning) * rate.output +
    tokens.cache_read * rate.cache_read +
    (tokens.cache_write - written1h) * rate.cache_write +
    written1h * rate.cache_write_1h;
  return BigInt(cents) * 10_000n;
}

const question = [{ role: 'user' as const, content: 'How far is the moon?' }];
/** Of a test alone, so that its first call writes it to the cache; all are equally long. */
const rules = () => `Rules ${crypto.randomUUID()}`;

/** A release of the model that nobody else asks, at the model's price: its breaker is the test's own. */
const release = () => `claude-opus-4-8-${20_000_000 + Math.floor(Math.random() * 9_999_999)}`;

/** A model has a breaker from the moment on that its provider is asked for it. */
const untilAsked = (model: string) =>
  eventually(async () => {
    const breaker = await call('GET', `/v1/circuit-breakers/${encodeURIComponent(model)}`, { key: demoKey });
    expect(breaker.status).toBe(200);
  });

/** One conversation: writes to the cache, for an hour too where the dialect can ask for that, reads from it, and reasons. */
type Conversation = (key: string, streamed: boolean) => Promise<{ readonly written1h: number }>;

const messages: Conversation = async (key, streamed) => {
  let written1h = 0;
  for (const ttl of ['1h', '5m'] as const) {
    const params = {
      model: 'claude-opus-4-8',
      max_tokens: 2_000,
      thinking: { type: 'adaptive' as const },
      system: [{ type: 'text' as const, text: rules(), cache_control: { type: 'ephemeral' as const, ttl } }],
      messages: question,
    };
    for (let i = 0; i < 2; i += 1) {
      const { usage } = streamed
        ? await anthropic(key).messages.stream(params).finalMessage()
        : await anthropic(key).messages.create(params);
      written1h += usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
    }
  }
  expect(written1h).toBeGreaterThan(0);
  return { written1h };
};

const chat =
  (model: string): Conversation =>
  async (key, streamed) => {
    const params = {
      model,
      reasoning_effort: 'low' as const,
      prompt_cache_key: rules(),
      messages: [{ role: 'system' as const, content: 'Be brief.' }, ...question],
    };
    for (let i = 0; i < 4; i += 1) {
      if (!streamed) await openai(key).chat.completions.create(params);
      else
        for await (const chunk of await openai(key).chat.completions.create({ ...params, stream: true }))
          expect(chunk.object).toBe('chat.completion.chunk');
    }
    return { written1h: 0 };
  };

describe('a conversation costs the same to the last place, plain and streamed', () => {
  it.each([
    ['Anthropic’s messages', 'claude-opus-4-8', messages],
    ['OpenAI’s chat completions', 'gpt-5.4', chat('gpt-5.4')],
  ] as const)('in %s: what its five classes of tokens cost, each counted once', async (_, model, conversation) => {
    const [plain, streamed] = [await secondTenant(), await secondTenant()];
    const { written1h } = await conversation(plain, false);
    await conversation(streamed, true);

    const report = await reportOf(plain, 4);

    for (const count of Object.values(report.tokens)) expect(count).toBeGreaterThan(0);
    expect(picodollars(report.cost_usd)).toBe(costAt(model, report.tokens, written1h));
    expect(report.unpriced_requests).toBe(0);
    const { tokens, cost_usd, unpriced_requests } = await reportOf(streamed, 4);
    expect({ tokens, cost_usd, unpriced_requests }).toEqual({
      tokens: report.tokens,
      cost_usd: report.cost_usd,
      unpriced_requests: 0,
    });
  });

  it('in OpenAI’s dialect at Anthropic’s model as well', async () => {
    const [plain, streamed] = [await secondTenant(), await secondTenant()];
    await chat('claude-opus-4-8')(plain, false);
    await chat('claude-opus-4-8')(streamed, true);
    const [one, other] = [await reportOf(plain, 4), await reportOf(streamed, 4)];
    expect([other.tokens, other.cost_usd]).toEqual([one.tokens, one.cost_usd]);
    expect(picodollars(one.cost_usd)).toBe(costAt('claude-opus-4-8', one.tokens));
  });
});

describe('a call that gives its caller no answer', () => {
  const ask = (key: string, content: string, more: object = {}) =>
    call('POST', '/v1/messages', {
      key,
      body: { model: `anthropic/${release()}`, max_tokens: 500, messages: [{ role: 'user', content }], ...more },
    });
  const stream = (key: string, content: string) =>
    anthropic(key).messages.stream({
      model: `anthropic/${release()}`,
      max_tokens: 2_000,
      messages: [{ role: 'user', content }],
    });

  it('costs nothing where the provider refused it, and is on record; where nobody was asked it is not', async () => {
    const key = await secondTenant();
    expect((await ask(key, 'hello', { max_tokens: -1 })).status).toBe(400);
    expect((await ask(key, 'hello', { model: 'nobody/has-it' })).status).toBe(404);
    for (const fault of ['400', '429', '500', '529', 'garbage', 'nothing'])
      expect((await ask(key, `[offline: fault=${fault}] hello`)).status).toBeGreaterThanOrEqual(400);

    const nothing = { input: 0, output: 0, cache_read: 0, cache_write: 0, reasoning: 0 };
    expect(await reportOf(key, 6)).toMatchObject({ tokens: nothing, cost_usd: '0', unpriced_requests: 0 });
  });

  it.each(['half-stream', 'short-stream', 'error-event'])('that ends in a %s costs what came of it', async (fault) => {
    const key = await secondTenant();
    await expect(stream(key, `[offline: fault=${fault}] hello`).finalMessage()).rejects.toThrow();
    const { tokens, cost_usd } = await reportOf(key, 1);
    expect(Math.min(tokens.input, tokens.output)).toBeGreaterThan(0);
    expect(picodollars(cost_usd)).toBe(costAt('claude-opus-4-8', tokens));
  });

  it('since the caller left its stream costs what came of it', async () => {
    const key = await secondTenant();
    const left = stream(key, '[offline: deltas=500 delay=20] hello');
    left.on('text', () => left.abort());
    await expect(left.done()).rejects.toThrow();
    const { tokens, cost_usd } = await reportOf(key, 1);
    expect(tokens.output).toBeLessThan(100);
    expect(Math.min(tokens.input, tokens.output)).toBeGreaterThan(0);
    expect(picodollars(cost_usd)).toBe(costAt('claude-opus-4-8', tokens));
  });

  it('since the caller left before it costs what was asked', async () => {
    const key = await secondTenant();
    const left = new AbortController();
    const body = {
      model: `anthropic/${release()}`,
      max_tokens: 50,
      messages: [{ role: 'user' as const, content: '[offline: delay=60000] hello' }],
    };
    const answered = expect(anthropic(key).messages.create(body, { signal: left.signal })).rejects.toThrow();
    await untilAsked(body.model);
    left.abort();
    await answered;
    const { tokens, cost_usd } = await reportOf(key, 1);
    expect([tokens.input > 0, tokens.output]).toEqual([true, 0]);
    expect(picodollars(cost_usd)).toBe(costAt('claude-opus-4-8', tokens));
  });
});

it('a tenant’s price holds from its moment on, and the report is the exact sum of what the answers said', async () => {
  const key = await secondTenant();
  const ask = async () => {
    const body = { model: 'gpt-5.4', messages: question };
    return (await call('POST', '/v1/chat/completions', { key, body })).headers.get('x-parley-cost') ?? '';
  };
  const costs = [await ask()];
  const body = {
    source: 'a contract',
    effective_from: new Date(Date.now() + 3_000).toISOString(),
    models: { 'gpt-5.4': { input: '0.000001', output: '0.000003' } },
  };
  expect((await call('POST', '/v1/model-prices', { key, body })).status).toBe(201);

  await eventually(async () => {
    costs.push(await ask());
    expect(costs.at(-1)).not.toBe(costs[0]);
  });

  const { cost_usd } = await reportOf(key, costs.length);
  expect(picodollars(costs.at(-1) ?? '')).toBeLessThan(picodollars(costs[0] ?? ''));
  expect(picodollars(cost_usd)).toBe(costs.map(picodollars).reduce((sum, cost) => sum + cost, 0n));
});
