import { describe, expect, it } from '@jest/globals';
import { completionRequest } from '@parley/contracts';
import type { ResponseCreateParamsBase, ResponseInputItem, Tool } from 'openai/resources/responses/responses';
import type { z } from 'zod';
import { refusalOf, type Plain } from '../request.fixture.js';
import { responsesDialect } from './index.js';
import { responseRequest } from './request.schema.js';

const read = (fields: Partial<z.input<typeof responseRequest>>) => {
  const request = responsesDialect.read({ model: 'gpt-x', input: 'hi', ...fields }, {});
  const {
    echo: _,
    names: _names,
    ...asked
  } = JSON.parse(JSON.stringify(completionRequest.parse(request))) as Record<string, unknown>;
  return asked as Partial<typeof request>;
};
const refusal = (fields: object) => refusalOf(responsesDialect, { model: 'm', input: 'hi', ...fields });
/** A reference says by its type that it is one; without, it would be a message that lacks everything. */
type Reference = ResponseInputItem.ItemReference & { type: 'item_reference' };
type Items = (Exclude<ResponseInputItem, ResponseInputItem.ItemReference> | Reference)[];
type SdkRequest = Omit<ResponseCreateParamsBase, 'input'> & { model: string; input: string | Items };

/** The compiler fails here when the SDK knows a request that the schema does not. */
const everySdkRequestFits = (request: Plain<SdkRequest>): z.input<typeof responseRequest> => request;

/** The compiler fails here when the SDK has a field that is not in this list, or the list one too many. */
const sdkFields: Record<keyof ResponseCreateParamsBase, true> = {
  access_programs: true,
  background: true,
  context_management: true,
  conversation: true,
  image: true,
  include: true,
  input: true,
  instructions: true,
  max_output_tokens: true,
  max_tool_calls: true,
  metadata: true,
  model: true,
  moderation: true,
  parallel_tool_calls: true,
  previous_response_id: true,
  prompt: true,
  prompt_cache_key: true,
  prompt_cache_options: true,
  prompt_cache_retention: true,
  reasoning: true,
  safety_identifier: true,
  service_tier: true,
  store: true,
  stream: true,
  stream_options: true,
  temperature: true,
  text: true,
  tool_choice: true,
  tools: true,
  top_logprobs: true,
  top_p: true,
  truncation: true,
  user: true,
};

describe('a response request', () => {
  it('may have every field of the SDK’s, and no other', () => {
    expect(Object.keys(responseRequest.shape).toSorted()).toEqual(Object.keys(sdkFields).toSorted());
    expect(everySdkRequestFits({ model: 'm', input: 'hi' })).toBeDefined();
  });

  it.each<[string, object, string]>([
    ['an unknown field', { frobnicate: 1 }, 'frobnicate'],
    ['an unknown field of a message', { input: [{ role: 'user', content: 'hi', mood: 'good' }] }, 'input.0.mood'],
    [
      'an unknown field of a content part',
      { input: [{ role: 'user', content: [{ type: 'input_text', text: 'hi', bold: true }] }] },
      'input.0.content.0.bold',
    ],
    ['an unknown item', { input: [{ type: 'song' }] }, 'input.0.type'],
    ['an unknown field of a tool', { tools: [{ type: 'function', name: 'f', kind: 1 }] }, 'tools.0.kind'],
    ['an unknown tool', { tools: [{ type: 'hammer' }] }, 'tools.0.type'],
    ['an unknown field of reasoning', { reasoning: { depth: 1 } }, 'reasoning.depth'],
    ['an unknown field of the format', { text: { format: { type: 'text', a: 1 } } }, 'text.format.a'],
    ['no input', { input: undefined }, 'input'],
    ['a wrong type', { temperature: 'hot' }, 'temperature'],
  ])('with %s is refused, naming it', (_what, fields, path) => {
    const error = refusal(fields);
    expect(error.code).toBe('request.invalid');
    expect(error.text.fields?.map((field) => field.path)).toContain(path);
    expect(error.text.detail).toContain(path);
  });

  it.each<[string, ResponseCreateParamsBase, string]>([
    ['store', { store: true }, 'is kept here'],
    ['background', { background: true }, 'is kept here'],
    ['previous_response_id', { previous_response_id: 'resp_1' }, 'whole conversation'],
    ['conversation', { conversation: 'conv_1' }, 'x-parley-session'],
    ['prompt', { prompt: { id: 'pmpt_1' } }, 'are kept here'],
    ['input.0', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 'send the item itself'],
    ['moderation', { moderation: { model: 'omni' } }, 'results'],
    ['reasoning.mode', { reasoning: { mode: 'pro' } }, 'standard'],
    ['prompt_cache_options.prewarm', { prompt_cache_options: { prewarm: true } }, 'answers'],
    ['access_programs.cyber', { access_programs: { cyber: 'daybreak_red' } }, 'OpenAI'],
    ['tools.0.type', { tools: [{ type: 'web_search' }] }, 'runs at OpenAI'],
    ['tool_choice', { tool_choice: { type: 'shell' } }, 'runs at OpenAI'],
    ['input.0', { input: [{ type: 'mcp_list_tools', id: 'a', server_label: 'b', tools: [] }] }, 'mcp_list_tools'],
  ])('whose %s needs a store or OpenAI itself is refused with the reason', (path, fields, because) => {
    const error = refusal(fields);
    expect(error.code).toBe('model.unsupported_parameter');
    expect(error.text.fields?.[0]?.path).toBe(path);
    expect(error.text.detail).toContain(because);
  });

  it.each<[string, Partial<Tool> & object]>([
    ['tools.0.async', { async: true }],
    ['tools.0.allowed_callers', { allowed_callers: ['programmatic'] }],
  ])('whose %s no model here knows is refused', (path, fields) => {
    const tools = [{ type: 'function', name: 'f', parameters: {}, strict: true, ...fields }];
    expect(refusal({ tools }).text.fields?.[0]?.path).toBe(path);
  });

  it('names what it leaves out without harm', () => {
    const { dropped } = read({
      truncation: 'auto',
      context_management: [{ type: 'compaction' }],
      reasoning: { context: 'all_turns' },
      image: { context_compression: 'enabled' },
      stream_options: { include_obfuscation: true },
      prompt_cache_options: { ttl: '12h', comparison_response_id: 'r' },
      tools: [
        { type: 'function', name: 'f', parameters: null, strict: null, defer_loading: true, output_schema: { a: 1 } },
      ],
      input: [
        { role: 'assistant', content: 'hm', phase: 'commentary' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'of OpenAI’s' },
        { role: 'user', content: [{ type: 'input_file', file_id: 'file_1', detail: 'high' }] },
      ],
    });
    expect(dropped?.toSorted()).toEqual([
      'context_management',
      'image.context_compression',
      'input.encrypted_content',
      'input.phase',
      'input_file.detail',
      'prompt_cache_options.comparison_response_id',
      'prompt_cache_options.ttl',
      'reasoning.context',
      'stream_options.include_obfuscation',
      'tools.defer_loading',
      'tools.output_schema',
      'truncation',
    ]);
  });

  it('treats null as absent, and what is as it would be anyway too', () => {
    const fields = [...Object.keys(sdkFields)].filter((field) => field !== 'model' && field !== 'input');
    const nulls = Object.fromEntries(fields.map((field) => [field, null]));
    const plain = {
      model: 'gpt-x',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      stream: false,
    };
    expect(read(nulls)).toEqual(plain);
    expect(read({ store: false, background: false, truncation: 'disabled', include: [] })).toEqual(plain);
  });

  it('says the same as a chat completion request where both can', () => {
    const request = read({
      instructions: 'Be kind.',
      max_output_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      parallel_tool_calls: false,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true }, verbosity: 'low' },
      tools: [
        { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        { type: 'custom', name: 'g', format: { type: 'grammar', definition: 'a', syntax: 'lark' } },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
      include: ['message.output_text.logprobs'],
      top_logprobs: 2,
      safety_identifier: 'u',
      prompt_cache_key: 'k',
      service_tier: 'flex',
    });
    expect(request).toEqual({
      model: 'gpt-x',
      stream: false,
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      ],
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      parallel_tool_calls: false,
      effort: 'low',
      output: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
      tools: [
        { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        {
          type: 'vendor',
          vendor: 'openai',
          value: {
            type: 'custom',
            custom: { name: 'g', format: { type: 'grammar', grammar: { definition: 'a', syntax: 'lark' } } },
          },
        },
      ],
      tool_choice: {
        type: 'vendor',
        vendor: 'openai',
        value: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
        },
      },
      user: 'u',
      vendor: {
        openai: {
          user_field: 'safety_identifier',
          prompt_cache_key: 'k',
          service_tier: 'flex',
          verbosity: 'low',
          logprobs: true,
          top_logprobs: 2,
        },
        anthropic: { thinking: { type: 'adaptive', display: 'summarized' } },
      },
    });
  });
});
