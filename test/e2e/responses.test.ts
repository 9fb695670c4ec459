import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems';
import type { ResponseInput, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { z } from 'zod';
import { call, demoKey, model, newKey, openai } from './platform.js';

const input = 'How far is the moon?';
const vendors = ['anthropic', 'openai'].map((vendor) => `${vendor}/${model}`);
const place = z.object({ city: z.string() });
const tools = ['weather', 'clock'].map((name) => ({
  type: 'function' as const,
  name,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: true,
}));

describe.each(vendors)('the responses of the official openai client, answered by %s,', (model) => {
  it('are the same plain and streamed, event by event, and kept nowhere', async () => {
    const plain = await openai().responses.create({ model, input, instructions: 'Be kind.', metadata: { a: 'b' } });
    expect(plain).toMatchObject({
      object: 'response',
      status: 'completed',
      store: false,
      instructions: 'Be kind.',
      metadata: { a: 'b' },
      output_text: expect.stringContaining(input),
    });
    const seen: ResponseStreamEvent[] = [];
    const stream = openai().responses.stream({ model, input, instructions: 'Be kind.' });
    for await (const event of stream) seen.push(event);
    const { output, usage } = await stream.finalResponse();
    expect(output).toMatchObject(plain.output);
    expect(usage).toEqual(plain.usage);
    expect(seen.map((event) => event.sequence_number)).toEqual(seen.map((_, index) => index));
    expect([seen.at(0)?.type, seen.at(-1)?.type]).toEqual(['response.created', 'response.completed']);
    await expect(openai().responses.retrieve(plain.id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(openai().responses.delete(plain.id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('call tools in parallel and go on with their results', async () => {
    const question: ResponseInput = [{ role: 'user', content: 'Use weather and clock for "Bonn"' }];
    const { output } = await openai().responses.stream({ model, tools, input: question }).finalResponse();
    const calls = output.filter((item) => item.type === 'function_call');
    expect(calls.map(({ name, arguments: text }) => [name, text])).toEqual([
      ['weather', '{"city":"Bonn"}'],
      ['clock', '{"city":"Bonn"}'],
    ]);
    const results = calls.map(({ call_id, name }) => ({
      type: 'function_call_output' as const,
      call_id,
      output: `the ${name}`,
    }));
    const conversation = [...question, ...toResponseInputItems(output), ...results];
    const next = await openai().responses.create({ model, tools, input: conversation });
    expect(next.output_text).toBe('The tool answered: the weather — the clock');
  });

  it('are parsed by a schema', async () => {
    const text = { format: zodTextFormat(place, 'place') };
    const { output_parsed } = await openai().responses.parse({ model, input: 'Where? "Bonn"', text });
    expect(output_parsed).toEqual({ city: 'Bonn' });
  });

  it('take images and files', async () => {
    const { output_text } = await openai().responses.create({
      model,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
            { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
            { type: 'input_text', text: 'What are they?' },
          ],
        },
      ],
    });
    expect(output_text).toContain('What are they?');
  });

  it('go on with a session of ours, which brings what was said before', async () => {
    const session = (await call('POST', '/v1/sessions', { key: demoKey, body: {} })).json()['id'] as string;
    const options = { headers: { 'x-parley-session': session } };
    await openai().responses.create({ model, input: 'I am Ada.' }, options);
    const second = await openai().responses.stream({ model, input: 'Who am I?' }, options).finalResponse();
    expect(second.output_text).toContain('This is turn 2');
    const kept = (await call('GET', `/v1/sessions/${session}/messages`, { key: demoKey })).json()['data'];
    expect(kept).toHaveLength(4);
  });
});

it('thoughts of Anthropic’s are shown, and go back to it with their signatures', async () => {
  const params = { model: `anthropic/${model}`, reasoning: { summary: 'auto' } } as const;
  const question: ResponseInput = [{ role: 'user', content: input }];
  const { output, usage } = await openai()
    .responses.stream({ ...params, input: question })
    .finalResponse();
  expect(output[0]).toMatchObject({ type: 'reasoning', summary: [{ text: expect.any(String) }] });
  expect(usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  const conversation = [...question, ...toResponseInputItems(output), ...question];
  const { data, response } = await openai()
    .responses.create({ ...params, input: conversation })
    .withResponse();
  expect(data.output_text).toContain('This is turn 2');
  // Anthropic takes no thought back without its signature: it would have been named here.
  expect(response.headers.get('x-parley-dropped')).toBeNull();
});

it('what is left out without harm is named, by the dialect and by the provider', async () => {
  const body = { model: `anthropic/${model}`, input, truncation: 'auto', temperature: 0.2 };
  const answer = await call('POST', '/v1/responses', { key: demoKey, body });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-parley-dropped')?.split(', ')).toEqual(['truncation', 'temperature']);
});

describe('the official openai client raises', () => {
  it.each<[string, object, string]>([
    ['store', { store: true }, 'store'],
    ['a previous response', { previous_response_id: 'resp_1' }, 'previous_response_id'],
    ['a conversation', { conversation: 'conv_1' }, 'conversation'],
    ['background', { background: true }, 'background'],
    ['a reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input.0'],
    ['a tool that runs at OpenAI', { tools: [{ type: 'web_search' }] }, 'tools.0.type'],
    ['an unknown field', { mood: 'good' }, 'mood'],
  ])('BadRequestError for %s, naming it', async (_, fields, param) => {
    const refused = openai().responses.create({ model, input, ...fields });
    await expect(refused).rejects.toThrow(OpenAI.BadRequestError);
    await expect(refused).rejects.toMatchObject({ param });
  });

  it('the right class for a key, a permission and a model that are not there', async () => {
    await expect(openai('ply_nobody').responses.create({ model, input })).rejects.toThrow(OpenAI.AuthenticationError);
    const { key } = await newKey({ permissions: ['usage:read'] });
    await expect(openai(key).responses.create({ model, input })).rejects.toThrow(OpenAI.PermissionDeniedError);
    const unknown = openai().responses.create({ model: 'no-such-model', input });
    await expect(unknown).rejects.toThrow(OpenAI.NotFoundError);
  });

  it.each<[string, new (...args: never[]) => Error]>([
    ['400', OpenAI.BadRequestError],
    ['401', OpenAI.InternalServerError],
    ['429', OpenAI.RateLimitError],
    ['500', OpenAI.InternalServerError],
    ['529', OpenAI.InternalServerError],
    ['garbage', OpenAI.InternalServerError],
    ['hang', OpenAI.InternalServerError],
  ])('the right class for a provider that plays %s, plain and streamed', async (fault, errorClass) => {
    const params = { model: `anthropic/offline-${crypto.randomUUID()}`, input: `[offline: fault=${fault}] ${input}` };
    await expect(openai().responses.create(params)).rejects.toThrow(errorClass);
    await expect(openai().responses.stream(params).finalResponse()).rejects.toThrow(errorClass);
  });

  it.each(['half-stream', 'short-stream', 'stalled-stream', 'error-event'])(
    'an error after what was received, for a provider that gives %s',
    async (fault) => {
      const params = { model: `anthropic/offline-${crypto.randomUUID()}`, input: `[offline: fault=${fault}] ${input}` };
      const seen: ResponseStreamEvent[] = [];
      const read = async () => {
        for await (const event of await openai().responses.create({ ...params, stream: true })) seen.push(event);
      };
      await expect(read()).rejects.toThrow(OpenAI.APIError);
      expect(seen.at(-1)).toMatchObject({
        type: 'response.failed',
        response: {
          status: 'failed',
          output: [{ status: 'incomplete', content: [{ text: expect.stringMatching(/\S/) }] }],
        },
      });
    },
  );
});

it('responses are on record as any other call of the key', async () => {
  const { id, key } = await newKey();
  const { usage } = await openai(key).responses.create({ model, input });
  await openai(key).responses.stream({ model, input }).finalResponse();
  await eventually(
    async () => {
      const report = (await call('GET', `/v1/analytics/usage?api_key_id=${id}`, { key: demoKey })).json();
      expect(report).toMatchObject({ requests: 2, tokens: { output: 2 * (usage?.output_tokens ?? NaN) } });
    },
    { timeoutMs: 20_000 },
  );
});
