import { describe, expect, it } from '@jest/globals';
import type { Block, CompletionRequest, Message } from '@parley/contracts';
import { Losses } from '../losses.js';
import { toOpenAiRequest } from './request-out.js';

const user = (...content: Block[]): Message => ({ role: 'user', content });
const text = (words: string): Block => ({ type: 'text', text: words });

/** The wire as JSON has it, and what was dropped. */
function translate(request: Partial<CompletionRequest>, isOpenAi = true) {
  const losses = new Losses('openai');
  const whole = { model: 'gpt-x', stream: false, messages: [user(text('hi'))], ...request };
  const body = JSON.parse(
    JSON.stringify(toOpenAiRequest(whole, { maxTokensField: 'max_tokens', isOpenAi }, losses)),
  ) as Record<string, unknown>;
  return { body, dropped: losses.dropped };
}

describe('a request for a server that speaks OpenAI’s dialect', () => {
  it('says no more than the caller did', () => {
    expect(translate({}).body).toEqual({ model: 'gpt-x', messages: [{ role: 'user', content: 'hi' }] });
  });

  it('asks every stream for its usage', () => {
    expect(translate({ stream: true }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('writes limit and user under the names that the caller used, or the server knows', () => {
    expect(translate({ max_tokens: 5, user: 'u' }).body).toMatchObject({ max_tokens: 5, user: 'u' });
    const openai = { max_tokens_field: 'max_completion_tokens', user_field: 'safety_identifier' };
    const { body } = translate({ max_tokens: 5, user: 'u', vendor: { openai } });
    expect(body).toMatchObject({ max_completion_tokens: 5, safety_identifier: 'u' });
    expect(Object.keys(body)).not.toContain('max_tokens_field');
  });

  it('makes a message of each tool’s result, before what the user says beside them', () => {
    const result = (call_id: string): Block => ({
      type: 'tool_result',
      call_id,
      content: [{ type: 'text', text: call_id }],
    });
    const { body } = translate({ messages: [user(result('a'), text('and now?'), result('b'))] });
    expect(body['messages']).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'a' },
      { role: 'tool', tool_call_id: 'b', content: 'b' },
      { role: 'user', content: 'and now?' },
    ]);
  });

  it('attaches what is no text in a tool’s result to what the user says next', () => {
    const image = (url: string): Block => ({ type: 'image', source: { kind: 'url', url } });
    const result = (call_id: string, ...content: Block[]) => ({ type: 'tool_result', call_id, content }) as Block;
    const messages = [
      user(result('a', text('9 °C'), image('https://x/a')), result('b', image('https://x/b')), text('?')),
    ];
    const attached = (id: string) => [
      { type: 'text', text: `Of the result of ${id}:` },
      { type: 'image_url', image_url: { url: `https://x/${id}` } },
    ];
    expect(translate({ messages }).body['messages']).toEqual([
      { role: 'tool', tool_call_id: 'a', content: '9 °C' },
      { role: 'tool', tool_call_id: 'b', content: 'See the attachment.' },
      { role: 'user', content: [...attached('a'), ...attached('b'), { type: 'text', text: '?' }] },
    ]);
  });

  it('has a text for the result of a tool that gave none', () => {
    const { body } = translate({ messages: [user({ type: 'tool_result', call_id: 'a', content: [] })] });
    expect(body['messages']).toEqual([{ role: 'tool', tool_call_id: 'a', content: '' }]);
  });

  it('gives developers’ instructions the name that the server knows', () => {
    const messages: Message[] = [{ role: 'developer', content: [text('be brief')] }];
    const roleOf = (isOpenAi: boolean) => translate({ messages }, isOpenAi).body['messages'];
    expect([roleOf(true), roleOf(false)]).toMatchObject([[{ role: 'developer' }], [{ role: 'system' }]]);
  });

  it('gives thoughts back to servers that take them, as they were given, and names those of others', () => {
    const thought = (fields: object = {}): Block => ({ type: 'reasoning', text: 'hm', ...fields });
    const given = (content: Block[], openai?: Record<string, unknown>) => {
      const messages: Message[] = [{ role: 'assistant', content, ...(openai && { vendor: { openai } }) }];
      const { body, dropped } = translate({ messages }, false);
      return { ...(body['messages'] as object[])[0], dropped };
    };
    expect(given([thought()])).toMatchObject({ reasoning_content: 'hm', dropped: [] });
    expect(given([thought()], { reasoning: 'hm' })).toMatchObject({ reasoning: 'hm', dropped: [] });
    expect(given([thought()], { reasoning: 'hm' })).not.toHaveProperty('reasoning_content');
    expect(given([thought({ signature: 's' })])).toMatchObject({ dropped: ['reasoning'] });
    expect(translate({ messages: [{ role: 'assistant', content: [thought()] }] }).dropped).toEqual(['reasoning']);
  });

  it('keeps a call’s arguments as the model wrote them', () => {
    const call: Block = { type: 'tool_call', id: 'a', name: 'weather', arguments: '{ "city" : "Bonn" }' };
    const { body } = translate({ messages: [{ role: 'assistant', content: [call] }] });
    expect(body['messages']).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{ "city" : "Bonn" }' } }],
      },
    ]);
  });

  it('writes images and PDF as data URLs, and plain text as text', () => {
    const base64 = { kind: 'base64' as const, data: 'AAAA' };
    const { body } = translate({
      messages: [
        user(
          { type: 'image', source: { ...base64, media_type: 'image/png' } },
          { type: 'document', source: { ...base64, media_type: 'application/pdf' }, title: 'a.pdf' },
          { type: 'document', source: { kind: 'text', text: 'plain' }, title: 'Notes' },
        ),
      ],
    });
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
          { type: 'text', text: 'Notes\n\nplain' },
        ],
      },
    ]);
  });

  it('gives a schema the name that OpenAI wants', () => {
    const { body } = translate({ output: { type: 'json_schema', schema: { type: 'object' } } });
    expect(body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema: { type: 'object' } },
    });
  });

  it('drops what changes little and names it', () => {
    const { dropped } = translate({
      messages: [
        user({ type: 'text', text: 'hi', cache: {}, vendor: { anthropic: { citations: [] } } }),
        { role: 'assistant', content: [{ type: 'reasoning', text: 'hm', signature: 's' }, text('ok')] },
        user({ type: 'tool_result', call_id: 'a', content: [], is_error: true }),
      ],
      tools: [{ type: 'function', name: 'f', cache: {}, vendor: { anthropic: { defer_loading: true } } }],
      vendor: { anthropic: { thinking: { type: 'adaptive' }, top_k: 3, version: '2026-10-21' } },
    });
    expect(dropped.toSorted()).toEqual(
      [
        'cache_control',
        'citations',
        'reasoning',
        'thinking',
        'tool_result.is_error',
        'tools.defer_loading',
        'top_k',
      ].toSorted(),
    );
  });

  it.each<[string, Partial<CompletionRequest>]>([
    ['container', { vendor: { anthropic: { container: 'c' } } }],
    ['a_field_of_next_year', { vendor: { anthropic: { a_field_of_next_year: 1 } } }],
    [
      'tools.web_search_20250305',
      { tools: [{ type: 'vendor', vendor: 'anthropic', value: { type: 'web_search_20250305' } }] },
    ],
    [
      'content.search_result',
      { messages: [user({ type: 'vendor', vendor: 'anthropic', value: { type: 'search_result' } })] },
    ],
    [
      'document.source.url',
      { messages: [user({ type: 'document', source: { kind: 'url', url: 'https://x/a.pdf' } })] },
    ],
  ])('is refused for %s, by its name', (field, request) => {
    expect(() => translate(request)).toThrow(
      expect.objectContaining({
        code: 'model.unsupported_parameter',
        text: expect.objectContaining({ fields: [expect.objectContaining({ path: field })] }),
      }),
    );
  });
});
