import fc from 'fast-check';
import type { Form } from './conformance/feature.ts';
import { marked, merged, optional, some } from './words.js';

const { text, id, base64, object, args } = marked;

const pageCited = fc.record({ url: marked.url, title: text }).map((page) => ({
  type: 'web_search_result_location',
  cited_text: 'c',
  encrypted_index: 'e',
  ...page,
}));

/** What an answer of Anthropic’s says, every word of it a mark. */
export function anthropicAnswer(): fc.Arbitrary<Form> {
  const words = fc.record({ text, citations: fc.oneof(fc.constant(null), some(pageCited)) });
  const block = fc.oneof(
    words.map((fields) => ({ type: 'text', ...fields })),
    fc.record({ thinking: text, signature: text }).map((fields) => ({ type: 'thinking', ...fields })),
    base64.map((data) => ({ type: 'redacted_thinking', data })),
    fc.record({ id, name: id, input: object }).map((fields) => ({ type: 'tool_use', ...fields })),
  );
  return fc.record({ content: some(block) });
}

/** What an answer of a server of chat completions says, every word of it a mark. */
export function openaiAnswer(): fc.Arbitrary<Form> {
  const thought = fc.oneof(
    fc.record({ text, signature: text }).map((fields) => ({ type: 'reasoning.text', ...fields })),
    base64.map((data) => ({ type: 'reasoning.encrypted', data })),
  );
  const source = fc.record({ url: marked.url, title: text }).map((page) => ({
    type: 'url_citation',
    url_citation: { start_index: 0, end_index: 5, ...page },
  }));
  const call = fc
    .record({ id, name: id, arguments: args })
    .map(({ id: callId, ...called }) => ({ id: callId, type: 'function', function: called }));
  const message = merged(
    fc.constant({ role: 'assistant', content: null, refusal: null }),
    fc.oneof(optional('reasoning_content', text), optional('reasoning_details', some(thought))),
    fc.oneof(merged(fc.record({ content: text }), optional('annotations', some(source))), fc.record({ refusal: text })),
    optional('tool_calls', some(call)),
  );
  return message.map((said) => ({ choices: [{ index: 0, finish_reason: 'stop', logprobs: null, message: said }] }));
}
