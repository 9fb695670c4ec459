import { describe, expect, it } from '@jest/globals';
import { completionRequest } from '@parley/contracts';
import type { ChatCompletionCreateParamsBase, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { z } from 'zod';
import { refusalOf, type Plain } from '../request.fixture.js';
import { openaiDialect } from './index.js';
import { chatRequest } from './request.schema.js';

const hi: ChatCompletionMessageParam = { role: 'user', content: 'hi' };
const read = (fields: Partial<ChatCompletionCreateParamsBase>) => {
  const request = openaiDialect.read({ model: 'gpt-x', messages: [hi], ...fields }, {});
  return completionRequest.parse(request);
};

/** The compiler fails here when the SDK knows a request that the schema does not. */
const everySdkRequestFits = (request: Plain<ChatCompletionCreateParamsBase>): z.input<typeof chatRequest> => request;

/** The compiler fails here when the SDK has a field that is not in this list, or the list one too many. */
const sdkFields: Record<keyof ChatCompletionCreateParamsBase, true> = {
  audio: true,
  frequency_penalty: true,
  function_call: true,
  functions: true,
  logit_bias: true,
  logprobs: true,
  max_completion_tokens: true,
  max_tokens: true,
  messages: true,
  metadata: true,
  modalities: true,
  model: true,
  moderation: true,
  n: true,
  parallel_tool_calls: true,
  prediction: true,
  presence_penalty: true,
  prompt_cache_key: true,
  prompt_cache_options: true,
  prompt_cache_retention: true,
  reasoning_effort: true,
  response_format: true,
  safety_identifier: true,
  seed: true,
  service_tier: true,
  stop: true,
  store: true,
  stream: true,
  stream_options: true,
  temperature: true,
  tool_choice: true,
  tools: true,
  top_logprobs: true,
  top_p: true,
  user: true,
  verbosity: true,
  web_search_options: true,
};

const refusal = (body: unknown) => refusalOf(openaiDialect, body);

describe('a chat completion request', () => {
  it('may have every field of the SDK’s, and no other', () => {
    expect(Object.keys(chatRequest.shape).toSorted()).toEqual(Object.keys(sdkFields).toSorted());
    expect(everySdkRequestFits({ model: 'm', messages: [hi] })).toBeDefined();
  });

  it.each<[string, unknown, string]>([
    ['an unknown field', { model: 'm', messages: [hi], frobnicate: 1 }, 'frobnicate'],
    ['an unknown field of a message', { model: 'm', messages: [{ ...hi, mood: 'good' }] }, 'messages.0.mood'],
    [
      'an unknown field of a content part',
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi', bold: true }] }] },
      'messages.0.content.0.bold',
    ],
    ['an unknown role', { model: 'm', messages: [{ role: 'robot', content: 'hi' }] }, 'messages.0.role'],
    ['a wrong type', { model: 'm', messages: [hi], temperature: 'hot' }, 'temperature'],
    ['a missing model', { messages: [hi] }, 'model'],
    ['no messages', { model: 'm', messages: [] }, 'messages'],
    ['no object', 'hello', ''],
  ])('with %s is refused, naming it', (_what, body, path) => {
    const error = refusal(body);
    expect(error.code).toBe('request.invalid');
    expect(error.text.fields?.map((field) => field.path)).toContain(path);
    expect(error.text.detail).toContain(path);
  });

  it('keeps parallel results of tools together as one turn', () => {
    const call = (id: string) => ({ id, type: 'function' as const, function: { name: 'f', arguments: '{ }' } });
    const { messages } = read({
      messages: [
        hi,
        { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] },
        { role: 'tool', tool_call_id: 'a', content: '1' },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: '2' }] },
        { role: 'user', content: 'and?' },
      ],
    });
    expect(messages.map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
      ['user', ['text']],
      ['assistant', ['tool_call', 'tool_call']],
      ['user', ['tool_result', 'tool_result']],
      ['user', ['text']],
    ]);
    expect(messages[1]?.content[0]).toMatchObject({ arguments: '{ }' });
  });

  it('reads data URLs as bytes and other URLs as they are', () => {
    const image = (url: string) => ({ type: 'image_url' as const, image_url: { url, detail: 'low' as const } });
    const { messages } = read({
      messages: [{ role: 'user', content: [image('data:image/png;base64,AAAA'), image('https://x/y.png')] }],
    });
    expect(messages[0]?.content).toEqual([
      { type: 'image', source: { kind: 'base64', media_type: 'image/png', data: 'AAAA' }, detail: 'low' },
      { type: 'image', source: { kind: 'url', url: 'https://x/y.png' }, detail: 'low' },
    ]);
  });

  it('takes back an answer of ours as it was given, its thoughts included', () => {
    const answer = {
      role: 'assistant' as const,
      content: 'hello',
      refusal: null,
      annotations: [],
      reasoning_content: 'hm',
      reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 'sig' }],
    };
    const { messages } = read({ messages: [hi, answer] });
    expect(messages[1]?.content).toEqual([
      { type: 'reasoning', text: 'hm', signature: 'sig' },
      { type: 'text', text: 'hello' },
    ]);
  });

  it('treats null as absent', () => {
    const request = read({ temperature: null, stop: null, n: null, max_completion_tokens: null, stream: null });
    expect(JSON.parse(JSON.stringify(request))).toEqual({
      model: 'gpt-x',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      stream: false,
    });
  });
});
