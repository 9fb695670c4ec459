/** Real: the official clients, dialects, router and providers, and the offline model over HTTP. Not real: the gateway's own server. */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anthropicErrors, openaiErrors } from '@parley/dialects';
import OpenAI from 'openai';
import { anthropicDialect } from '../../src/dialects/anthropic/index.js';
import { openaiDialect } from '../../src/dialects/openai/index.js';
import { fetchThrough } from './in-process.js';
import { faults, offlineRouter, type OfflineRouter } from './offline-router.js';

let offline: OfflineRouter;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  offline = await offlineRouter();
  const { router } = offline;
  const shared = { apiKey: 'key', maxRetries: 0 };
  openai = new OpenAI({ ...shared, fetch: fetchThrough(openaiDialect, openaiErrors, router) });
  anthropic = new Anthropic({ ...shared, fetch: fetchThrough(anthropicDialect, anthropicErrors, router) });
});

afterAll(() => offline.stop());

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

describe.each(['anthropic/claude-sonnet-5-5', 'openai/gpt-5.4'])('the openai client, answered by %s,', (model) => {
  const ask = (content: string) => ({ model, messages: [{ role: 'user' as const, content }] });
  const tool = (name: string) => ({ type: 'function' as const, function: { name, parameters: schema } });

  it('gets the same answer whole and streamed, usage included', async () => {
    const whole = await openai.chat.completions.create(ask('How are you?'));
    expect(whole.choices[0]?.message.content).toContain('“How are you?”');
    const stream = openai.chat.completions.stream({ ...ask('How are you?'), stream_options: { include_usage: true } });
    const streamed = await stream.finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(streamed.choices[0]?.finish_reason).toBe('stop');
    expect(streamed.usage).toMatchObject({ ...whole.usage });
    expect(whole.usage?.completion_tokens).toBeGreaterThan(10);
  });

  it('calls several tools at once and gives their results back, whole and streamed', async () => {
    const params = { ...ask('Use weather and clock for "Bonn"'), tools: [tool('weather'), tool('clock')] };
    const streamed = await openai.chat.completions.stream(params).finalChatCompletion();
    const whole = await openai.chat.completions.create(params);
    const message = whole.choices[0]?.message;
    expect(message?.tool_calls).toMatchObject([
      { function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
      { function: { name: 'clock', arguments: '{"city":"Bonn"}' } },
    ]);
    expect(streamed.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: message?.tool_calls },
    });
    if (!message) throw new Error('no message');
    const results = (message.tool_calls ?? []).map(({ id }, n) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: `result ${n}`,
    }));
    const next = await openai.chat.completions.create({
      ...params,
      messages: [...params.messages, message, ...results],
    });
    expect(next.choices[0]?.message.content).toBe('The tool answered: result 0 — result 1');
  });

  it('gets structured output', async () => {
    const response_format = { type: 'json_schema' as const, json_schema: { name: 'place', schema, strict: true } };
    const answer = await openai.chat.completions.parse({ ...ask('Where? "Bonn"'), response_format });
    expect(answer.choices[0]?.message.parsed).toEqual({ city: 'Bonn' });
  });

  it('is told of every end', async () => {
    const stopped = await openai.chat.completions.create({ ...ask('hi'), stop: ['offline'] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello! I am Parley’s ' } });
    const cut = await openai.chat.completions.create({ ...ask('hi'), max_completion_tokens: 2 });
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'length' });
    const refused = await openai.chat.completions.create(ask('[offline: fault=refusal]'));
    expect(refused.choices[0]?.message.refusal).toEqual(expect.any(String));
  });

  it('carries a megabyte', async () => {
    const answer = await openai.chat.completions.create({
      ...ask('[offline: deltas=10000]'),
      max_completion_tokens: 1_000_000,
    });
    expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(80_000);
    const question = await openai.chat.completions.create(ask('x'.repeat(1_000_000)));
    expect(question.usage?.prompt_tokens).toBeGreaterThan(200_000);
  });

  it('is told that a stream broke off', async () => {
    const stream = openai.chat.completions.stream(ask('[offline: fault=half-stream]'));
    await expect(stream.finalChatCompletion()).rejects.toThrow('broke off');
  });
});

describe.each(['anthropic/claude-sonnet-5-5', 'openai/gpt-5.4'])('the Anthropic client, answered by %s,', (model) => {
  const ask = (content: string) => ({ model, max_tokens: 1_000, messages: [{ role: 'user' as const, content }] });
  const tool = (name: string) => ({ name, input_schema: { ...schema, type: 'object' as const } });

  it('gets the same answer whole and streamed, usage included', async () => {
    const whole = await anthropic.messages.create(ask('How are you?'));
    expect(whole.content).toMatchObject([{ type: 'text', text: expect.stringContaining('“How are you?”') }]);
    const streamed = await anthropic.messages.stream(ask('How are you?')).finalMessage();
    expect(streamed).toMatchObject({
      content: whole.content,
      stop_reason: 'end_turn',
      usage: { output_tokens: whole.usage.output_tokens },
    });
  });

  it('calls several tools at once and gives their results back, whole and streamed', async () => {
    const params = { ...ask('Use weather and clock for "Bonn"'), tools: [tool('weather'), tool('clock')] };
    const streamed = await anthropic.messages.stream(params).finalMessage();
    const { content, stop_reason } = await anthropic.messages.create(params);
    const calls = content.filter((block) => block.type === 'tool_use');
    expect(calls).toMatchObject([
      { name: 'weather', input: { city: 'Bonn' } },
      { name: 'clock', input: { city: 'Bonn' } },
    ]);
    expect([stop_reason, streamed.stop_reason]).toEqual(['tool_use', 'tool_use']);
    expect(streamed.content.filter((block) => block.type === 'tool_use')).toMatchObject(
      calls.map(({ name, input }) => ({ name, input })),
    );
    const results = calls.map(({ id }, n) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: `result ${n}`,
    }));
    const next = await anthropic.messages.create({
      ...params,
      messages: [...params.messages, { role: 'assistant', content }, { role: 'user', content: results }],
    });
    expect(next.content).toMatchObject([{ text: 'The tool answered: result 0 — result 1' }]);
  });

  it('gets structured output', async () => {
    const output_config = { format: { type: 'json_schema' as const, schema } };
    const answer = await anthropic.messages.create({ ...ask('Where? "Bonn"'), output_config });
    expect(answer.content).toMatchObject([{ type: 'text', text: '{"city":"Bonn"}' }]);
  });

  it('is told of every end', async () => {
    const cut = await anthropic.messages.create({ ...ask('hi'), max_tokens: 2 });
    expect(cut.stop_reason).toBe('max_tokens');
    const refused = await anthropic.messages.create(ask('[offline: fault=refusal]'));
    expect(refused.stop_reason).toBe('refusal');
  });

  it('is told that a stream broke off', async () => {
    const stream = anthropic.messages.stream(ask('[offline: fault=half-stream]'));
    await expect(stream.finalMessage()).rejects.toMatchObject({ errorCode: 'provider.interrupted' });
  });
});

it('reasoning is counted once, as a part of what was completed', async () => {
  const messages = [{ role: 'user' as const, content: 'hi' }];
  const { usage } = await openai.chat.completions.create({ model: 'gpt-5.4', messages, reasoning_effort: 'low' });
  const { usage: without } = await openai.chat.completions.create({ model: 'gpt-5.4', messages });
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  expect(reasoning).toBeGreaterThan(0);
  expect(usage?.completion_tokens).toBe((without?.completion_tokens ?? 0) + reasoning);
});

it('thoughts come back to Anthropic with their signatures, and its cache is counted once written and once read', async () => {
  const thinking = { type: 'adaptive' as const };
  const system = [
    { type: 'text' as const, text: `${Math.random()} long`.repeat(50), cache_control: { type: 'ephemeral' as const } },
  ];
  const ask = {
    model: 'claude-sonnet-5-5',
    max_tokens: 1_000,
    system,
    thinking,
    messages: [{ role: 'user' as const, content: 'hi' }],
  };
  const first = await anthropic.messages.create(ask);
  expect(first.content[0]).toMatchObject({ type: 'thinking', signature: expect.any(String) });
  expect(first.usage).toMatchObject({ cache_read_input_tokens: 0 });
  const messages = [...ask.messages, { role: 'assistant' as const, content: first.content }, ...ask.messages];
  const second = await anthropic.messages.stream({ ...ask, messages }).finalMessage();
  expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
  expect(second.usage.cache_creation_input_tokens).toBe(0);
});

it.each(faults)('a provider that plays %s raises an error of status %s in both clients', async (fault, status) => {
  const content = `[offline: fault=${fault}] ${Math.random()}`;
  const messages = [{ role: 'user' as const, content }];
  await expect(openai.chat.completions.create({ model: 'gpt-5.4', messages })).rejects.toMatchObject({ status });
  await expect(anthropic.messages.create({ model: 'claude-haiku-5-5', max_tokens: 9, messages })).rejects.toMatchObject(
    { status },
  );
});
