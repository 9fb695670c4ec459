import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';

const model = 'claude-sonnet-5-5';
const base = { model, max_tokens: 100 };
const hi = { role: 'user', content: 'hi' } as const;
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;
const weather = {
  name: 'weather',
  description: 'The weather',
  input_schema: { ...schema, required: ['city'] },
  strict: true,
};
const use = (id: string) =>
  ({ type: 'tool_use', id, name: 'weather', input: { city: id }, caller: { type: 'direct' } }) as const;
const mark = { type: 'ephemeral' } as const;
const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } as const;

/** A request for each feature of the Messages API, as a client of Anthropic’s writes it. */
export const anthropicRequests: Readonly<Record<string, MessageCreateParamsNonStreaming>> = {
  text: { ...base, messages: [hi, { role: 'assistant', content: 'Hello “you” 🦜' }, hi] },
  'system and stop sequences': { ...base, system: 'Be kind.', stop_sequences: ['END', '\n\n'], messages: [hi] },
  'an instruction between turns': {
    ...base,
    messages: [hi, { role: 'assistant', content: 'ok' }, { role: 'system', content: 'Be brief.' }, hi],
  },
  images: {
    ...base,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: png },
          {
            type: 'image',
            source: { type: 'url', url: 'https://example.org/a.png' },
            transformations: { oversized_image: 'error' },
          },
          { type: 'image', source: { type: 'file', file_id: 'file_1' } },
          { type: 'text', text: 'Which is best?' },
        ],
      },
    ],
  },
  documents: {
    ...base,
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
            title: 'A',
            context: 'b',
          },
          {
            type: 'document',
            source: { type: 'text', media_type: 'text/plain', data: 'plain' },
            citations: { enabled: true },
          },
          {
            type: 'document',
            source: {
              type: 'content',
              content: [
                { type: 'text', text: 'a' },
                { type: 'image', source: png },
              ],
            },
          },
          { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'x' }] },
        ],
      },
    ],
  },
  'parallel tools': {
    ...base,
    tools: [{ ...weather, cache_control: { ...mark, ttl: '1h' }, input_examples: [{ city: 'Bonn' }] }],
    tool_choice: { type: 'any', disable_parallel_tool_use: false },
    messages: [
      hi,
      { role: 'assistant', content: [{ type: 'text', text: 'Let me look.' }, use('a'), use('b')] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '9 °C' },
          {
            type: 'tool_result',
            tool_use_id: 'b',
            is_error: true,
            content: [
              { type: 'text', text: 'no' },
              { type: 'image', source: png },
            ],
          },
          { type: 'text', text: 'And now?' },
        ],
      },
    ],
  },
  'server tools': {
    ...base,
    tools: [{ type: 'web_search_20260318', name: 'web_search', max_uses: 2, allowed_domains: ['example.org'] }],
    tool_choice: { type: 'tool', name: 'web_search' },
    messages: [
      hi,
      {
        role: 'assistant',
        content: [
          { type: 'server_tool_use', id: 'srv', name: 'web_search', input: { query: 'x' } },
          {
            type: 'web_search_tool_result',
            tool_use_id: 'srv',
            content: [{ type: 'web_search_result', encrypted_content: 'e', title: 't', url: 'https://x' }],
          },
        ],
      },
      hi,
    ],
  },
  thinking: {
    ...base,
    thinking: { type: 'adaptive', display: 'summarized' },
    messages: [
      hi,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
          { type: 'redacted_thinking', data: 'c2VjcmV0' },
          { type: 'text', text: 'ok' },
        ],
      },
      hi,
    ],
  },
  'cache marks': {
    ...base,
    cache_control: mark,
    system: [{ type: 'text', text: 'long', cache_control: { ...mark, ttl: '5m' } }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi', cache_control: mark }] }],
  },
  'structured output and effort': {
    ...base,
    output_config: { effort: 'low', format: { type: 'json_schema', schema } },
    messages: [hi],
  },
  'everything else': {
    ...base,
    container: { id: 'c', skills: [{ skill_id: 's', type: 'anthropic' }] },
    diagnostics: { previous_message_id: 'msg_0' },
    inference_geo: 'eu',
    metadata: { user_id: 'u' },
    service_tier: 'standard_only',
    speed: 'fast',
    messages: [hi],
  },
};
