import { describe, expect, it } from '@jest/globals';
import type { Block, CompletionRequest, Message } from '@parley/contracts';
import { Losses } from '../losses.js';
import { toAnthropicRequest } from './request-out.js';

const user = (...content: Block[]): Message => ({ role: 'user', content });
const text = (words: string): Block => ({ type: 'text', text: words });
const weather = { type: 'function' as const, name: 'weather', parameters: { type: 'object', properties: {} } };

/** The wire as JSON has it, and what was dropped. */
function translate(request: Partial<CompletionRequest>) {
  const losses = new Losses('anthropic');
  const whole = { model: 'claude-x', stream: false, messages: [user(text('hi'))], ...request };
  const body = JSON.parse(JSON.stringify(toAnthropicRequest(whole, 1_000, losses))) as Record<string, unknown>;
  return { body, dropped: losses.dropped };
}

describe('a request for Anthropic', () => {
  it('has a limit even where the caller set none', () => {
    expect(translate({}).body).toEqual({
      model: 'claude-x',
      max_tokens: 1_000,
      messages: [{ role: 'user', content: 'hi' }],
    });
  });

  it('takes instructions before the first turn as its system, and leaves later ones in place', () => {
    const { body } = translate({
      messages: [
        { role: 'system', content: [text('be kind')] },
        { role: 'developer', content: [text('be brief')] },
        user(text('hi')),
        { role: 'system', content: [text('be funny')] },
      ],
    });
    expect(body['system']).toEqual([
      { type: 'text', text: 'be kind' },
      { type: 'text', text: 'be brief' },
    ]);
    expect(body['messages']).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'system', content: 'be funny' },
    ]);
  });

  it('keeps parallel calls and their results in one turn each', () => {
    const call = (id: string): Block => ({ type: 'tool_call', id, name: 'weather', arguments: '{"city": "Bonn"}' });
    const result = (call_id: string): Block => ({
      type: 'tool_result',
      call_id,
      content: [{ type: 'text', text: '9 °C' }],
    });
    const { body } = translate({
      messages: [
        user(text('hi')),
        { role: 'assistant', content: [text(''), call('a'), call('b')] },
        user(result('a'), result('b')),
      ],
    });
    const use = (id: string) => ({ type: 'tool_use', id, name: 'weather', input: { city: 'Bonn' } });
    const used = (tool_use_id: string) => ({ type: 'tool_result', tool_use_id, content: '9 °C' });
    expect(body['messages']).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [use('a'), use('b')] },
      { role: 'user', content: [used('a'), used('b')] },
    ]);
  });

  it('gives thoughts back with their signatures, and names those that it has to leave out', () => {
    const { body, dropped } = translate({
      messages: [
        user(text('hi')),
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm', signature: 'sig' },
            { type: 'reasoning', text: '', redacted: 'secret' },
            { type: 'reasoning', text: 'unsigned' },
            text('hello'),
          ],
        },
      ],
    });
    expect(body['messages']).toMatchObject([
      {},
      {
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'sig' },
          { type: 'redacted_thinking', data: 'secret' },
          { type: 'text', text: 'hello' },
        ],
      },
    ]);
    expect(dropped).toEqual(['reasoning_content']);
  });

  it.each<[Partial<CompletionRequest>, object]>([
    [{ tool_choice: { type: 'required' } }, { type: 'any' }],
    [
      { tool_choice: { type: 'tool', name: 'weather' }, parallel_tool_calls: false },
      { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
    ],
    [{ tool_choice: { type: 'none' }, parallel_tool_calls: false }, { type: 'none' }],
    [{ parallel_tool_calls: false }, { type: 'auto', disable_parallel_tool_use: true }],
  ])('with %j has a choice of tools', (choice, wire) => {
    expect(translate({ tools: [weather], ...choice }).body['tool_choice']).toEqual(wire);
  });

  it('asks for structured output and effort in its output_config', () => {
    const { body } = translate({
      output: { type: 'json_schema', name: 'x', strict: true, schema: { type: 'object' } },
      effort: 'minimal',
    });
    expect(body['output_config']).toEqual({
      effort: 'low',
      format: { type: 'json_schema', schema: { type: 'object' } },
    });
    expect(translate({ effort: 'none' }).body).toMatchObject({ thinking: { type: 'disabled' } });
  });

  it('carries cache marks, an hour at the longest', () => {
    const { body } = translate({
      messages: [
        user({ type: 'text', text: 'long', cache: {} }, { type: 'text', text: 'longer', cache: { ttl: '12h' } }),
      ],
    });
    expect(body['messages']).toMatchObject([
      { content: [{ cache_control: { type: 'ephemeral' } }, { cache_control: { type: 'ephemeral', ttl: '1h' } }] },
    ]);
  });

  it('leaves sampling out and says so, unless the caller speaks the version that has it', () => {
    expect(translate({ temperature: 0.2, top_p: 1 })).toMatchObject({ dropped: ['temperature'] });
    const older = translate({ temperature: 0.2, vendor: { anthropic: { version: '2023-06-01', top_k: 5 } } });
    expect(older.body).toMatchObject({ temperature: 0.2, top_k: 5 });
    expect(older.body).not.toHaveProperty('version');
    expect(older.dropped).toEqual([]);
  });

  it('drops what changes little and names it', () => {
    const openai = {
      seed: 7,
      frequency_penalty: 0.5,
      store: true,
      n: 1,
      logprobs: false,
      presence_penalty: 0,
      user_field: 'user',
    };
    expect(translate({ vendor: { openai } }).dropped).toEqual(['seed', 'frequency_penalty', 'store']);
  });

  it.each<[string, Partial<CompletionRequest>]>([
    ['n', { vendor: { openai: { n: 2 } } }],
    ['logprobs', { vendor: { openai: { logprobs: true } } }],
    ['modalities', { vendor: { openai: { modalities: ['text', 'audio'] } } }],
    ['a_field_of_next_year', { vendor: { openai: { a_field_of_next_year: 1 } } }],
    ['response_format.json_object', { output: { type: 'json_object' } }],
    ['tools.custom', { tools: [{ type: 'vendor', vendor: 'openai', value: { type: 'custom' } }] }],
    ['content.input_audio', { messages: [user({ type: 'vendor', vendor: 'openai', value: { type: 'input_audio' } })] }],
  ])('is refused for %s, by its name', (field, request) => {
    expect(() => translate(request)).toThrow(
      expect.objectContaining({
        code: 'model.unsupported_parameter',
        text: expect.objectContaining({ fields: [expect.objectContaining({ path: field })] }),
      }),
    );
  });

  it('gives calls and their results ids that Anthropic takes, the same to both', () => {
    const call = (id: string): Block => ({ type: 'tool_call', id, name: 'f', arguments: '{}' });
    const result = (call_id: string): Block => ({ type: 'tool_result', call_id, content: [] });
    const { body } = translate({
      messages: [
        { role: 'assistant', content: [call('functions.f:0'), call('functions.f.0'), call('toolu_1')] },
        user(result('functions.f:0'), result('functions.f.0'), result('toolu_1')),
      ],
    });
    const [calls, results] = body['messages'] as { content: { id?: string; tool_use_id?: string }[] }[];
    const ids = calls?.content.map(({ id }) => id) ?? [];
    expect(results?.content.map(({ tool_use_id }) => tool_use_id)).toEqual(ids);
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe('toolu_1');
    for (const id of ids) expect(id).toMatch(/^[\w-]+$/);
  });

  it('leaves citations out that another provider had made, and says so', () => {
    const citation = { type: 'web_search_result_location', url: 'https://x', title: 'X', cited_text: '' };
    const cited = (encrypted_index: string) => ({ ...citation, encrypted_index });
    const vendor = { anthropic: { citations: [cited(''), cited('e')] } };
    const { body, dropped } = translate({
      messages: [{ role: 'assistant', content: [{ type: 'text', text: 'x', vendor }] }],
    });
    expect(body['messages']).toEqual([
      { role: 'assistant', content: [{ type: 'text', text: 'x', citations: [cited('e')] }] },
    ]);
    expect(dropped).toEqual(['citations']);
  });

  it('is invalid when a call’s arguments are no JSON', () => {
    const call: Block = { type: 'tool_call', id: 'a', name: 'weather', arguments: '{"city":' };
    expect(() => translate({ messages: [{ role: 'assistant', content: [call] }] })).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});
