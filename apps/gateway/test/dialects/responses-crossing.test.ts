/** Real: the official client, the dialect, router and providers, and the offline model over HTTP. Not real: the gateway's own server. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems';
import type { ResponseInput } from 'openai/resources/responses/responses';
import { z } from 'zod';
import { openaiErrors } from '@parley/dialects';
import { responsesDialect } from '../../src/dialects/responses/index.js';
import { fetchThrough } from './in-process.js';
import { faults, offlineRouter, type OfflineRouter } from './offline-router.js';

let offline: OfflineRouter;
let openai: OpenAI;

beforeAll(async () => {
  offline = await offlineRouter();
  openai = new OpenAI({
    apiKey: 'key',
    maxRetries: 0,
    fetch: fetchThrough(responsesDialect, openaiErrors, offline.router),
  });
});

afterAll(() => offline.stop());

const place = z.object({ city: z.string() });
const tool = (name: string) => ({
  type: 'function' as const,
  name,
  parameters: { ...z.toJSONSchema(place), $schema: undefined },
  strict: true,
});

describe.each(['anthropic/claude-sonnet-5-5', 'openai/gpt-5.4'])('the openai client, answered by %s,', (model) => {
  it('gets the same response whole and streamed, usage included', async () => {
    const whole = await openai.responses.create({ model, input: 'How are you?' });
    expect(whole.output_text).toContain('“How are you?”');
    expect(whole.status).toBe('completed');
    expect(whole.usage?.output_tokens).toBeGreaterThan(10);
    const { output, usage, status } = await openai.responses.stream({ model, input: 'How are you?' }).finalResponse();
    expect(output).toMatchObject(whole.output);
    expect({ usage, status }).toEqual({ usage: whole.usage, status: whole.status });
  });

  it('calls several tools at once and gives their results back, whole and streamed', async () => {
    const params = { model, tools: [tool('weather'), tool('clock')] };
    const input: ResponseInput = [{ role: 'user', content: 'Use weather and clock for "Bonn"' }];
    const { output } = await openai.responses.create({ ...params, input });
    expect(output).toMatchObject([
      { type: 'function_call', name: 'weather', arguments: '{"city":"Bonn"}' },
      { type: 'function_call', name: 'clock', arguments: '{"city":"Bonn"}' },
    ]);
    const streamed = await openai.responses.stream({ ...params, input }).finalResponse();
    expect(streamed.output).toMatchObject(output);
    const results = output
      .filter((item) => item.type === 'function_call')
      .map(({ call_id }, n) => ({ type: 'function_call_output' as const, call_id, output: `result ${n}` }));
    const next = await openai.responses.create({
      ...params,
      input: [...input, ...toResponseInputItems(output), ...results],
    });
    expect(next.output_text).toBe('The tool answered: result 0 — result 1');
    const again = openai.responses.stream({
      ...params,
      input: [...input, ...toResponseInputItems(streamed.output), ...results],
    });
    expect((await again.finalResponse()).output_text).toBe(next.output_text);
  });

  it('gets structured output, parsed', async () => {
    const text = { format: zodTextFormat(place, 'place') };
    const { output_parsed } = await openai.responses.parse({ model, input: 'Where? "Bonn"', text });
    expect(output_parsed).toEqual({ city: 'Bonn' });
    const streamed = await openai.responses.stream({ model, input: 'Where? "Bonn"', text }).finalResponse();
    expect(streamed.output_parsed).toEqual({ city: 'Bonn' });
  });

  it('is told of a limit and of a refusal', async () => {
    const cut = await openai.responses.create({ model, input: 'hi', max_output_tokens: 2 });
    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    const { output } = await openai.responses.create({ model, input: '[offline: fault=refusal]' });
    expect(output.flatMap((item) => (item.type === 'message' ? item.content : []))).toContainEqual({
      type: 'refusal',
      refusal: expect.any(String),
    });
  });

  it('is told that a stream broke off', async () => {
    const stream = openai.responses.stream({ model, input: '[offline: fault=half-stream]' });
    await expect(stream.finalResponse()).rejects.toMatchObject({ code: 'provider.interrupted' });
  });
});

it('thoughts of Anthropic’s are shown to one who asks, and go on with the conversation', async () => {
  const params = { model: 'anthropic/claude-sonnet-5-5', reasoning: { effort: 'low', summary: 'auto' } } as const;
  const input: ResponseInput = [{ role: 'user', content: 'hi' }];
  const first = await openai.responses.stream({ ...params, input }).finalResponse();
  expect(first.output[0]).toMatchObject({
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: expect.stringContaining('offline') }],
    encrypted_content: expect.any(String),
  });
  expect(first.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  const next = await openai.responses.create({
    ...params,
    input: [...input, ...toResponseInputItems(first.output), ...input],
  });
  expect(next.output_text).toContain('turn 2');
});

it('what a provider cannot carry is named as this dialect calls it', async () => {
  const ask = { model: 'anthropic/claude-sonnet-5-5', input: 'hi' };
  const refused = openai.responses.create({ ...ask, text: { format: { type: 'json_object' } } });
  await expect(refused).rejects.toMatchObject({ status: 400, param: 'text.format' });
  const { dropped } = await offline.router
    .complete(responsesDialect.read({ ...ask, text: { verbosity: 'low' } }, {}))
    .then(({ completion }) => completion);
  expect(dropped).toEqual(['text.verbosity']);
});

it.each(faults)('a provider that plays %s raises an error of status %s', async (fault, status) => {
  const input = `[offline: fault=${fault}] ${Math.random()}`;
  await expect(openai.responses.create({ model: 'gpt-5.4', input })).rejects.toMatchObject({ status });
});
