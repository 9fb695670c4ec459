import type { Answered, Form, Group } from './feature.ts';
import { page, place } from './sources.ts';

const choice = (message: Form, finish_reason = 'stop', more: Form = {}): Form => ({
  choices: [
    {
      index: 0,
      finish_reason,
      logprobs: null,
      message: { role: 'assistant', content: null, refusal: null, ...message },
      ...more,
    },
  ],
});
const message = (content: readonly Form[], stop_reason = 'end_turn', more: Form = {}): Form => ({
  content,
  stop_reason,
  ...more,
});

const text = (words: string, citations: readonly Form[] | null = null): Form => ({
  type: 'text',
  text: words,
  citations,
});
const call = (id: string, args: string): Form => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: args },
});
const use = (id: string, input: Form): Form => ({
  type: 'tool_use',
  id,
  name: 'weather',
  input,
  caller: { type: 'direct' },
});
const hello = { chat: choice({ content: 'Hello' }), messages: message([text('Hello')]) };
const ends = (finish_reason: string, stop_reason: string): Answered['forms'] => ({
  chat: choice({ content: 'Hello' }, finish_reason),
  messages: message([text('Hello')], stop_reason),
});

const over = (title: string, url: string): Form => ({ start_index: 2, end_index: 9, title, url });
const annotated = (url_citation: Form, more: Form = {}): Form =>
  choice({ content: '🦜 is grey', annotations: [{ type: 'url_citation', url_citation, ...more }] });
const cited = (citation: Form): Form => message([text('🦜 '), text('is grey', [citation])]);

export const contents: Group<Answered> = {
  title: 'What an answer has',
  rows: [
    {
      feature: 'text, whatever its characters',
      forms: { chat: choice({ content: '“é” 🦜' }), messages: message([text('“é” 🦜')]) },
    },
    {
      feature: 'several calls of tools at once',
      forms: {
        chat: choice({ tool_calls: [call('a', '{"city":"Bonn"}'), call('b', '{"city":"Köln"}')] }, 'tool_calls'),
        messages: message([use('a', { city: 'Bonn' }), use('b', { city: 'Köln' })], 'tool_use'),
      },
    },
    {
      feature: 'call of a tool without arguments',
      forms: {
        chat: choice({ tool_calls: [call('a', '{}')] }, 'tool_calls'),
        messages: message([use('a', {})], 'tool_use'),
      },
    },
    {
      feature: 'signed and hidden thoughts',
      forms: {
        chat: choice({
          content: 'ok',
          reasoning_details: [
            { type: 'reasoning.text', text: 'hm', signature: 'c2ln' },
            { type: 'reasoning.encrypted', data: 'c2VjcmV0' },
          ],
        }),
        messages: message([
          { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
          { type: 'redacted_thinking', data: 'c2VjcmV0' },
          text('ok'),
        ]),
      },
    },
    {
      feature: 'unsigned thoughts',
      forms: {
        chat: choice({ content: 'ok', reasoning_content: 'hm' }),
        messages: message([{ type: 'thinking', thinking: 'hm', signature: '' }, text('ok')]),
      },
    },
    {
      feature: 'source on the web',
      forms: { chat: annotated(over('X', 'https://x')), messages: cited(page) },
      read: {
        chat: annotated(over('X', 'https://x'), { citation: page }),
        messages: message([text('🦜 is grey', [{ ...page, cited_text: '', encrypted_index: '' }])]),
      },
    },
    {
      feature: 'source in a document',
      forms: { messages: cited(place) },
      read: { chat: annotated(over('D', ''), { citation: place }) },
    },
    {
      feature: 'refusal in words',
      forms: {
        chat: choice({ refusal: 'No.' }),
        messages: message([], 'refusal', { stop_details: { type: 'refusal', category: 'cyber', explanation: 'No.' } }),
      },
      read: {
        chat: choice({ refusal: 'No.' }, 'content_filter'),
        messages: message([text('No.')], 'refusal', { stop_details: { type: 'refusal' } }),
      },
    },
    {
      feature: 'several answers at once',
      forms: {
        chat: {
          choices: [0, 1].map((index) => ({ ...(choice({ content: `${index}` })['choices'] as Form[])[0], index })),
        },
      },
    },
    {
      feature: 'probabilities of tokens',
      forms: {
        chat: choice({ content: 'Hello' }, 'stop', {
          logprobs: { content: [{ token: 'Hello', bytes: null, logprob: -0.1, top_logprobs: [] }], refusal: null },
        }),
      },
    },
  ],
};

export const endings: Group<Answered> = {
  title: 'Why an answer ended',
  rows: [
    { feature: 'it is whole', forms: ends('stop', 'end_turn') },
    { feature: 'limit of its length', forms: ends('length', 'max_tokens') },
    {
      feature: 'stop sequence, and which',
      forms: {
        chat: choice({ content: 'Hello' }, 'stop', { stop_reason: 'END' }),
        messages: message([text('Hello')], 'stop_sequence', { stop_sequence: 'END' }),
      },
    },
    {
      feature: 'content filter',
      forms: { chat: choice({ content: 'Hello' }, 'content_filter') },
      read: { messages: message([text('Hello')], 'refusal') },
    },
    {
      feature: 'window of the model is full',
      forms: { messages: message([text('Hello')], 'model_context_window_exceeded') },
      read: { chat: choice({ content: 'Hello' }, 'length') },
    },
    {
      feature: 'long turn that may go on',
      forms: { messages: message([text('Hello')], 'pause_turn') },
      read: { chat: choice({ content: 'Hello' }) },
    },
  ],
};

export const used: Group<Answered> = {
  title: 'What an answer used',
  rows: [
    {
      feature: 'input, output, cache read and written, thinking',
      forms: {
        chat: {
          ...hello.chat,
          usage: {
            prompt_tokens: 160,
            completion_tokens: 12,
            total_tokens: 172,
            prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
            completion_tokens_details: { reasoning_tokens: 7 },
          },
        },
        messages: {
          ...hello.messages,
          usage: {
            input_tokens: 10,
            cache_creation_input_tokens: 50,
            cache_read_input_tokens: 100,
            output_tokens: 12,
            output_tokens_details: { thinking_tokens: 7 },
          },
        },
      },
    },
  ],
};
