import type { Form, WireName } from './feature.ts';
import { sealed } from './responses-words.ts';
import { page, place } from './sources.ts';

type Readings = { readonly [Wire in WireName]?: Form };

const either = (form: Form): Readings => ({ chat: form, messages: form });
const message = (content: readonly Form[], status = 'completed'): Form => ({ type: 'message', status, content });
const text = (words: string, annotations: readonly Form[] = []): Form => ({
  type: 'output_text',
  text: words,
  annotations,
});
const output = (...items: readonly Form[]): Form => ({ status: 'completed', incomplete_details: null, output: items });
const cut = (reason: string): Form => ({
  status: 'incomplete',
  incomplete_details: { reason },
  output: [message([text('Hello')], 'incomplete')],
});
const call = (call_id: string, words: string): Form => ({
  type: 'function_call',
  call_id,
  name: 'weather',
  arguments: words,
});
const thought = (words: string, more: Form = {}): Form => ({
  type: 'reasoning',
  summary: words === '' ? [] : [{ type: 'summary_text', text: words }],
  ...more,
});
const over = (start_index: number, end_index: number, title: string, url: string, more: Form = {}): Form => ({
  type: 'url_citation',
  start_index,
  end_index,
  title,
  url,
  ...more,
});
/** Anthropic cites a text as a whole, which here has its own range. */
const cited = (annotation: Form): Form => output(message([text('🦜 '), text('is grey', [annotation])]));
const hello = output(message([text('Hello')]));

/** What clients of the Responses dialect read of what an answer may say, by the feature and who said it. */
export const responsesAnswers: Readonly<Record<string, Readings>> = {
  'text, whatever its characters': either(output(message([text('“é” 🦜')]))),
  'several calls of tools at once': either(output(call('a', '{"city":"Bonn"}'), call('b', '{"city":"Köln"}'))),
  'call of a tool without arguments': either(output(call('a', '{}'))),
  'signed and hidden thoughts': either(
    output(
      thought('hm', { encrypted_content: sealed({ text: 'hm', signature: 'c2ln' }) }),
      thought('', { encrypted_content: sealed({ redacted: 'c2VjcmV0' }) }),
      message([text('ok')]),
    ),
  ),
  'unsigned thoughts': either(output(thought('hm'), message([text('ok')]))),
  'source on the web': {
    chat: output(message([text('🦜 is grey', [over(2, 9, 'X', 'https://x')])])),
    messages: cited(over(0, 7, 'X', 'https://x', { citation: page })),
  },
  'source in a document': { messages: cited(over(0, 7, 'D', '', { citation: place })) },
  'refusal in words': {
    chat: output(message([{ type: 'refusal', refusal: 'No.' }])),
    messages: {
      incomplete_details: { reason: 'content_filter' },
      output: [message([{ type: 'refusal', refusal: 'No.' }], 'incomplete')],
    },
  },
  'it is whole': either(hello),
  'limit of its length': either(cut('max_output_tokens')),
  'content filter': { chat: cut('content_filter') },
  'window of the model is full': { messages: cut('max_output_tokens') },
  'long turn that may go on': { messages: hello },
  'input, output, cache read and written, thinking': either({
    usage: {
      input_tokens: 160,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
      output_tokens: 12,
      output_tokens_details: { reasoning_tokens: 7 },
      total_tokens: 172,
    },
  }),
};
