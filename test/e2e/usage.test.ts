import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { anthropic, call, demoKey, model, newKey, openai, question } from './platform.js';

interface Report {
  readonly requests: number;
  readonly tokens: Record<'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning', number>;
  readonly data: { day: string; model: string; api_key_id: string | null; requests: number }[];
}

const report = async (query = '') =>
  (await call('GET', `/v1/analytics/usage${query}`, { key: demoKey })).json() as unknown as Report;

/** The promise of the platform: a call is in the report within 5 s of its answer. */
const reportOf = (apiKeyId: string, requests: number): Promise<Report> =>
  eventually(
    async () => {
      const last = await report(`?api_key_id=${apiKeyId}`);
      expect(last.requests).toBeGreaterThanOrEqual(requests);
      return last;
    },
    { timeoutMs: 5_000 },
  );

describe('usage', () => {
  it('of plain and streamed calls in both dialects is reported within 5 s, by day, model and key', async () => {
    const { id, key } = await newKey();
    const plain = await openai(key).chat.completions.create({ model, messages: question });
    const stream = await openai(key).chat.completions.create({ model, messages: question, stream: true });
    for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
    const message = await anthropic(key).messages.create({ model, max_tokens: 200, messages: question });
    await anthropic(key).messages.stream({ model, max_tokens: 200, messages: question }).finalMessage();

    const { requests, tokens, data } = await reportOf(id, 4);

    const today = new Date().toISOString().slice(0, 10);
    expect(requests).toBe(4);
    expect(data).toEqual([expect.objectContaining({ day: today, model, api_key_id: id, requests: 4 })]);
    expect(tokens.input + tokens.cache_read + tokens.cache_write).toBe(
      2 * (plain.usage?.prompt_tokens ?? NaN) + 2 * message.usage.input_tokens,
    );
    expect(tokens.output + tokens.reasoning).toBe(
      2 * (plain.usage?.completion_tokens ?? NaN) + 2 * message.usage.output_tokens,
    );
  });

  it('of what was written to the cache, read from it and reasoned about is counted in classes of its own', async () => {
    const { id, key } = await newKey();
    const params = {
      model: `anthropic/${model}`,
      max_tokens: 2_000,
      thinking: { type: 'adaptive' as const },
      // Of this test alone, so that the first call writes it and the second reads it.
      system: [{ type: 'text' as const, text: `Rules ${id}`, cache_control: { type: 'ephemeral' as const } }],
      messages: question,
    };
    const first = await anthropic(key).messages.create(params);
    const second = await anthropic(key).messages.stream(params).finalMessage();
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(0);
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
    const reasoned = first.usage.output_tokens_details?.thinking_tokens ?? 0;
    expect(reasoned).toBeGreaterThan(0);

    expect((await reportOf(id, 2)).tokens).toEqual({
      input: first.usage.input_tokens + second.usage.input_tokens,
      cache_write: first.usage.cache_creation_input_tokens,
      cache_read: second.usage.cache_read_input_tokens,
      reasoning: 2 * reasoned,
      output: first.usage.output_tokens + second.usage.output_tokens - 2 * reasoned,
    });
  });

  it('of a key is its own, and filters by model and day', async () => {
    const { id, key } = await newKey();
    await openai(key).chat.completions.create({ model, messages: question });
    await reportOf(id, 1);
    expect((await report(`?api_key_id=${id}&model=another-model`)).requests).toBe(0);
    expect((await report(`?api_key_id=${id}&from=2020-01-01&to=2020-01-31`)).requests).toBe(0);
    expect((await report(`?api_key_id=${crypto.randomUUID()}`)).data).toEqual([]);
  });
});

describe('a limit', () => {
  it('lets a key make its requests of a minute, then answers 429 with Retry-After and goes on counting for that key alone', async () => {
    const { key } = await newKey({ requests_per_minute: 3 });
    const other = await newKey({ requests_per_minute: 3 });
    const body = { model, messages: question };
    const remaining: (string | null)[] = [];
    for (let i = 0; i < 3; i += 1) {
      const answer = await call('POST', '/v1/chat/completions', { key, body });
      expect(answer.status).toBe(200);
      remaining.push(answer.headers.get('x-ratelimit-remaining-requests'));
    }
    expect(remaining).toEqual(['2', '1', '0']);

    const refused = await call('POST', '/v1/chat/completions', { key, body });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    expect((await call('POST', '/v1/chat/completions', { key: other.key, body })).status).toBe(200);
  });

  it('is 100 a minute for a new key', async () => {
    const { key } = await newKey();
    const answer = await call('GET', '/v1/models', { key });
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('100');
  });
});
