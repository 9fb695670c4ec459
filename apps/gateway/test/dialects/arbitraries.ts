import fc from 'fast-check';
import { anything, merged, optional, some, type Words } from './words.js';

const schemaOf = (properties: object) => ({ type: 'object', 'x-properties': properties });

/** Requests of Anthropic’s dialect. */
export function anthropicRequest({ text, id, base64, object }: Words = anything): fc.Arbitrary<object> {
  const cache = optional('cache_control', fc.constantFrom({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' }));
  const block = (type: string, ...parts: fc.Arbitrary<object>[]) => merged(fc.constant({ type }), ...parts);
  const words = block(
    'text',
    text.map((value) => ({ text: value })),
    cache,
  );
  const image = block(
    'image',
    base64.map((data) => ({ source: { type: 'base64', media_type: 'image/png', data } })),
    cache,
  );
  const document = block(
    'document',
    text.map((data) => ({ source: { type: 'text', media_type: 'text/plain', data } })),
    optional('title', text),
    optional('context', text),
    cache,
  );
  const use = block('tool_use', fc.record({ id, name: id, input: object }), cache);
  const result = block(
    'tool_result',
    id.map((tool_use_id) => ({ tool_use_id })),
    optional('content', fc.oneof(text, some(fc.oneof(words, image)))),
    optional('is_error', fc.boolean()),
    cache,
  );
  const thought = block('thinking', fc.record({ thinking: text, signature: base64 }));
  const hidden = block('redacted_thinking', fc.record({ data: base64 }));
  const turn = fc.oneof(
    fc.record({ role: fc.constant('user'), content: fc.oneof(text, some(fc.oneof(words, image, document, result))) }),
    fc.record({ role: fc.constant('assistant'), content: fc.oneof(text, some(fc.oneof(words, use, thought, hidden))) }),
    fc.record({ role: fc.constant('system'), content: fc.oneof(text, some(words)) }),
  );
  const tool = merged(
    fc.record({ name: id, input_schema: object.map(schemaOf) }),
    optional('description', text),
    optional('strict', fc.boolean()),
    cache,
  );
  const parallel = optional('disable_parallel_tool_use', fc.boolean());
  const choice = fc.oneof(
    fc.constant({ type: 'none' }),
    merged(fc.constantFrom({ type: 'auto' }, { type: 'any' }, { type: 'tool', name: 'f' }), parallel),
  );
  return merged(
    fc.record({ model: id, max_tokens: fc.nat(10_000), messages: some(turn) }),
    optional('system', fc.oneof(text, some(words))),
    optional('tools', some(tool)),
    optional('tool_choice', choice),
    optional('stop_sequences', some(text)),
    optional('thinking', fc.constantFrom({ type: 'disabled' }, { type: 'enabled', budget_tokens: 2048 })),
    optional(
      'output_config',
      fc.constantFrom({ effort: 'max' }, { format: { type: 'json_schema', schema: { type: 'object' } } }),
    ),
    optional('metadata', fc.record({ user_id: text })),
    optional('service_tier', fc.constant('auto')),
    optional('inference_geo', text),
    optional('stream', fc.constant(false)),
  );
}

/** Requests of OpenAI’s dialect. */
export function openaiRequest({ text, id, base64, object, url, args }: Words = anything): fc.Arbitrary<object> {
  const mark = optional(
    'prompt_cache_breakpoint',
    fc.constantFrom({ mode: 'explicit' }, { mode: 'explicit', ttl: '12h' }),
  );
  const part = (type: string, ...parts: fc.Arbitrary<object>[]) => merged(fc.constant({ type }), ...parts);
  const words = part(
    'text',
    text.map((value) => ({ text: value })),
    mark,
  );
  const link = fc.oneof(
    base64.map((data) => `data:image/png;base64,${data}`),
    url,
  );
  const image = part(
    'image_url',
    link.map((value) => ({ image_url: { url: value } })),
    mark,
  );
  const audio = part(
    'input_audio',
    base64.map((data) => ({ input_audio: { data, format: 'mp3' } })),
  );
  const file = part(
    'file',
    fc
      .oneof(
        fc.record({ file_id: id, filename: id }),
        fc.record({ file_data: base64 }),
        fc.record({ file_data: fc.constant('data:application/pdf;base64,AA==') }),
      )
      .map((value) => ({ file: value })),
  );
  const name = optional('name', id);
  const call = fc.oneof(
    fc.record({ id, type: fc.constant('function'), function: fc.record({ name: id, arguments: args }) }),
    fc.record({ id, type: fc.constant('custom'), custom: fc.record({ name: id, input: text }) }),
  );
  const refusal = part('refusal', fc.record({ refusal: text }));
  const message = (role: string, ...parts: fc.Arbitrary<object>[]) => merged(fc.constant({ role }), ...parts);
  const turn = fc.oneof(
    message('system', fc.record({ content: fc.oneof(text, some(words)) }), name),
    message('developer', fc.record({ content: text }), name),
    message('user', fc.record({ content: fc.oneof(text, some(fc.oneof(words, image, audio, file))) }), name),
    message(
      'assistant',
      fc.record({ content: fc.oneof(text, fc.constant(null), some(fc.oneof(words, refusal))) }),
      optional('refusal', text),
      optional('tool_calls', some(call)),
      optional('function_call', fc.record({ name: id, arguments: args })),
      optional('audio', fc.record({ id })),
      name,
    ),
    message('tool', fc.record({ tool_call_id: id, content: fc.oneof(text, some(words)) })),
    message('function', fc.record({ name: id, content: text })),
  );
  const definition = merged(
    fc.record({ name: id }),
    optional('description', text),
    optional('parameters', object.map(schemaOf)),
    optional('strict', fc.boolean()),
  );
  const tool = fc.oneof(
    definition.map((value) => ({ type: 'function', function: value })),
    fc.record({ type: fc.constant('custom'), custom: fc.record({ name: id, description: text }) }),
  );
  const choice = fc.constantFrom(
    'none',
    'auto',
    'required',
    { type: 'function', function: { name: 'f' } },
    { type: 'custom', custom: { name: 'c' } },
  );
  const format = fc.constantFrom(
    { type: 'text' },
    { type: 'json_object' },
    { type: 'json_schema', json_schema: { name: 'n', schema: { a: 1 }, strict: true } },
  );
  return merged(
    fc.record({ model: id, messages: some(turn) }),
    fc.oneof(
      optional('max_tokens', fc.integer({ min: 1, max: 99 })),
      optional('max_completion_tokens', fc.integer({ min: 1, max: 99 })),
    ),
    fc.oneof(
      optional('user', text),
      optional('safety_identifier', text),
      fc.record({ user: text, safety_identifier: text }),
    ),
    optional('temperature', fc.constantFrom(0, 0.7)),
    optional('top_p', fc.constant(0.5)),
    optional('stop', fc.oneof(text, some(text))),
    optional('tools', some(tool)),
    optional('tool_choice', choice),
    optional('parallel_tool_calls', fc.boolean()),
    optional('response_format', format),
    optional('reasoning_effort', fc.constantFrom('none', 'minimal', 'max')),
    optional('n', fc.constantFrom(1, 2)),
    optional('logprobs', fc.boolean()),
    optional('seed', fc.integer()),
    optional('metadata', fc.dictionary(id, text, { minKeys: 1, maxKeys: 2 })),
    optional('logit_bias', fc.constant({ '50256': -100 })),
    optional('verbosity', fc.constant('low')),
    optional(
      'prediction',
      text.map((content) => ({ type: 'content', content })),
    ),
    optional('web_search_options', fc.constant({ search_context_size: 'low' })),
  );
}
