import { describe, expect, it } from '@jest/globals';
import type { CompletionRequest } from '@parley/contracts';
import { anthropicTier, cacheWrite1h, fromAnthropicUsage } from './anthropic/usage.js';
import { fromOpenAiUsage } from './openai/usage.js';
import { StreamTally } from './stream-tally.js';

describe('token counts', () => {
  it('of Anthropic: input is without cache, output is split from thinking', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 50,
      output_tokens: 30,
      output_tokens_details: { thinking_tokens: 20 },
    };
    expect(fromAnthropicUsage(usage)).toEqual({
      input: 10,
      output: 10,
      cache_read: 100,
      cache_write: 50,
      reasoning: 20,
    });
  });

  it('of Anthropic come with the tier of service where it is not the standard one, which fast mode is not', () => {
    const usages = [
      { speed: 'standard', service_tier: 'standard' },
      { speed: 'fast' },
      { service_tier: 'priority' },
      {},
    ];
    expect(usages.map((usage) => anthropicTier(usage).tier)).toEqual([undefined, 'fast', 'priority', undefined]);
  });

  it('of Anthropic tell apart what is cached for an hour, and keep it where a later event does not repeat it', () => {
    const usage = { cache_creation_input_tokens: 50, cache_creation: { ephemeral_1h_input_tokens: 20 } };
    expect(cacheWrite1h(usage)).toEqual({ cache_write_1h: 20 });
    expect(cacheWrite1h({ cache_creation: null }, 20)).toEqual({ cache_write_1h: 20 });
    expect(cacheWrite1h({ cache_creation: { ephemeral_1h_input_tokens: 0 } })).toEqual({});
  });

  it('of a later event of Anthropic’s replace only what it repeats', () => {
    const before = { input: 10, output: 1, cache_read: 100, cache_write: 50, reasoning: 0 };
    expect(fromAnthropicUsage({ output_tokens: 30, input_tokens: null }, before)).toEqual({ ...before, output: 30 });
  });

  it('are whole numbers, whatever the provider says', () => {
    expect(fromAnthropicUsage({ input_tokens: 1.5, output_tokens: -3 })).toMatchObject({ input: 2, output: 0 });
    expect(fromOpenAiUsage({ prompt_tokens: 1e300, completion_tokens: 0.2 })).toMatchObject({
      input: 1_000_000_000,
      output: 0,
    });
  });

  it('of OpenAI: what is included in its sums is taken out of them', () => {
    const usage = {
      prompt_tokens: 160,
      completion_tokens: 30,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    expect(fromOpenAiUsage(usage)).toEqual({ input: 10, output: 10, cache_read: 100, cache_write: 50, reasoning: 20 });
  });

  it('of a server whose sums leave the cache or the reasoning out are taken as they are', () => {
    const cached = { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 100 } };
    expect(fromOpenAiUsage(cached)).toMatchObject({ input: 10, cache_read: 100 });
    const reasoned = {
      prompt_tokens: 10,
      completion_tokens: 30,
      total_tokens: 60,
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    expect(fromOpenAiUsage(reasoned)).toMatchObject({ output: 30, reasoning: 20 });
    expect(fromOpenAiUsage({ ...reasoned, total_tokens: 40 })).toMatchObject({ output: 10, reasoning: 20 });
  });

  it('of a server that gives no details are its sums', () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: null };
    expect(fromOpenAiUsage(usage)).toEqual({ input: 7, output: 3, cache_read: 0, cache_write: 0, reasoning: 0 });
  });
});

describe('the tally of a stream', () => {
  const request: CompletionRequest = { model: 'm', stream: true, messages: [] };
  const start = { type: 'start' as const, id: 's', model: 'served', created: 0, dropped: [] };
  const delta = (text: string) => ({ type: 'delta' as const, index: 0, delta: { type: 'text' as const, text } });
  const tokens = { input: 5, output: 6, cache_read: 7, cache_write: 8, reasoning: 9 };

  it('of a whole answer is what the provider said', () => {
    const sut = new StreamTally(request);
    sut.add([start, delta('hello')]);
    sut.add([{ type: 'end', tokens }]);
    expect(sut).toMatchObject({ model: 'served', ended: true, estimated: false, tokens });
  });

  it('knows another tier of service than the standard one', () => {
    const sut = new StreamTally(request);
    sut.add([
      { ...start, tier: 'fast' },
      { type: 'end', tokens },
    ]);
    expect(sut.tier).toBe('fast');
  });

  it('keeps apart what was written to the cache for an hour, also where the end does not repeat it', () => {
    const sut = new StreamTally(request);
    sut.add([{ ...start, tokens, cache_write_1h: 3 }]);
    expect(sut.cache_write_1h).toBe(3);
    sut.add([{ type: 'end', tokens }]);
    expect(sut.cache_write_1h).toBe(3);
  });

  it('of an answer that was cut off counts what came, on top of what was known, and is marked as estimated', () => {
    const sut = new StreamTally(request);
    sut.add([{ ...start, tokens: { ...tokens, output: 1, reasoning: 0 } }, delta('x'.repeat(40))]);
    expect(sut).toMatchObject({
      ended: false,
      estimated: true,
      tokens: { input: 5, output: 10, cache_read: 7, cache_write: 8 },
    });
  });

  it('of a provider that never counts is estimated from both texts', () => {
    const sut = new StreamTally({
      ...request,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x'.repeat(400) }] }],
    });
    sut.add([start, delta('x'.repeat(40)), { type: 'end' }]);
    expect(sut).toMatchObject({ ended: true, estimated: true, tokens: { output: 10 } });
    expect(sut.tokens.input).toBeGreaterThanOrEqual(100);
  });
});
