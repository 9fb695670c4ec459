import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@parley/contracts';
import { OpenAiStreamReader } from './stream-in.js';

const chunk = (...choices: object[]) => JSON.stringify({ id: 'c', model: 'm', created: 1, choices });
const delta = (fields: object, index = 0) => chunk({ index, delta: fields, finish_reason: null });

function read(...data: string[]): StreamEvent[] {
  const reader = new OpenAiStreamReader('openai', ['seed']);
  return [...data, '[DONE]'].flatMap((text) => reader.read({ data: text }));
}

const block = (type: string) => ({ type: 'block_start', block: { type } });

/** Events without the provider’s own text. */
const plain = (events: readonly StreamEvent[]) => events.map(({ native: _native, ...event }) => event);

/** The calls of tools as they are once they are whole. */
function callsOf(events: readonly StreamEvent[]) {
  const calls = new Map<number, { id: string; name: string; arguments: string }>();
  for (const event of events) {
    if (event.type === 'block_start' && event.block.type === 'tool_call') {
      const { id, name } = event.block;
      calls.set(event.index, { id, name, arguments: '' });
    }
    const call = event.type === 'delta' ? calls.get(event.index) : undefined;
    if (call && event.type === 'delta' && event.delta.type === 'arguments') call.arguments += event.delta.text;
  }
  return [...calls.values()];
}

describe('a streamed chat completion', () => {
  it('ends a block where the next one begins, and the last at the finish reason', () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    const events = plain(
      read(
        delta({ role: 'assistant', content: '' }),
        delta({ reasoning_content: 'hm' }),
        delta({ content: 'hello' }),
        call(0, { id: 'a', function: { name: 'f', arguments: '' } }),
        call(0, { function: { arguments: '{}' } }),
        call(1, { id: 'b', function: { name: 'g', arguments: '{}' } }),
        chunk({ index: 0, delta: {}, finish_reason: 'tool_calls' }),
      ),
    );
    expect(events).toMatchObject([
      { type: 'start', id: 'c', model: 'm', created: 1, dropped: ['seed'] },
      { ...block('reasoning'), index: 0 },
      { type: 'delta', index: 0, delta: { type: 'reasoning', text: 'hm' } },
      { type: 'block_end', index: 0 },
      { ...block('text'), index: 1 },
      { type: 'delta', index: 1, delta: { type: 'text', text: 'hello' } },
      { type: 'block_end', index: 1 },
      { type: 'block_start', index: 2, block: { id: 'a', name: 'f' } },
      { type: 'delta', index: 2, delta: { type: 'arguments', text: '{}' } },
      { type: 'block_end', index: 2 },
      { type: 'block_start', index: 3, block: { id: 'b', name: 'g' } },
      { type: 'delta', index: 3, delta: { type: 'arguments', text: '{}' } },
      { type: 'block_end', index: 3 },
      { type: 'stop', stop: { reason: 'tool_calls' } },
      { type: 'end' },
    ]);
  });

  it('gives a call without arguments those of none, so that its text is JSON', () => {
    const call = (index: number, name: string, text: string) =>
      delta({ tool_calls: [{ index, id: name, function: { name, arguments: text } }] });
    const end = chunk({ index: 0, delta: {}, finish_reason: 'tool_calls' });
    expect(callsOf(read(call(0, 'now', ''), call(1, 'weather', '{"city":"Bonn"}'), end))).toEqual([
      { id: 'now', name: 'now', arguments: '{}' },
      { id: 'weather', name: 'weather', arguments: '{"city":"Bonn"}' },
    ]);
  });

  it.each<[string, number[]]>([
    ['number all their calls alike', [0, 0]],
    ['number them', [0, 1]],
  ])('keeps calls apart of servers that %s', (_servers, [first = 0, second = 0]) => {
    const call = (index: number, id: string) =>
      delta({ tool_calls: [{ index, id, function: { name: id, arguments: `"${id}"` } }] });
    expect(callsOf(read(call(first, 'a'), call(second, 'b')))).toEqual([
      { id: 'a', name: 'a', arguments: '"a"' },
      { id: 'b', name: 'b', arguments: '"b"' },
    ]);
  });

  it('keeps calls apart that are written at the same time', () => {
    const begin = (index: number, id: string) =>
      delta({ tool_calls: [{ index, id, function: { name: id, arguments: '' } }] });
    const more = (index: number, text: string) => delta({ tool_calls: [{ index, function: { arguments: text } }] });
    const chunks = [begin(0, 'a'), begin(1, 'b'), more(0, '{"x"'), more(1, '{"y"'), more(0, ':1}'), more(1, ':2}')];
    expect(callsOf(read(...chunks))).toEqual([
      { id: 'a', name: 'a', arguments: '{"x":1}' },
      { id: 'b', name: 'b', arguments: '{"y":2}' },
    ]);
  });

  it('names calls that have no id, so that their results can be matched', () => {
    const call = (index: number) => delta({ tool_calls: [{ index, function: { name: 'f', arguments: '{}' } }] });
    expect(callsOf(read(call(0), call(1))).map(({ id }) => id)).toEqual(['call_c_0', 'call_c_1']);
  });

  it('reads the deprecated single call', () => {
    const call = (fields: object) => delta({ function_call: fields });
    const events = read(call({ name: 'f', arguments: '' }), call({ arguments: '{"x"' }), call({ arguments: ':1}' }));
    expect(callsOf(events)).toMatchObject([{ id: 'f', name: 'f', arguments: '{"x":1}' }]);
  });

  it.each<[string, object, object, object]>([
    ['a demanded call', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f' } }] }, {}, { reason: 'tool_calls' }],
    ['a stop sequence', { content: 'x' }, { stop_reason: 'END' }, { reason: 'stop_sequence', sequence: 'END' }],
    ['a stop token', { content: 'x' }, { stop_reason: 128_009 }, { reason: 'end' }],
  ])('that ends with %s says so', (_end, fields, told, stop) => {
    const events = read(delta(fields), chunk({ index: 0, delta: {}, finish_reason: 'stop', ...told }));
    expect(events.find(({ type }) => type === 'stop')).toMatchObject({ stop });
  });

  it('has the thoughts of servers that give them another name, once where they give both', () => {
    const events = read(delta({ reasoning: 'a' }), delta({ reasoning: 'b', reasoning_content: 'b' }));
    expect(plain(events).slice(1, 4)).toMatchObject([
      { type: 'block_start', block: { type: 'reasoning' } },
      { delta: { type: 'reasoning', text: 'a' } },
      { delta: { type: 'reasoning', text: 'b' } },
    ]);
  });

  it('keeps signed thoughts apart, each with its own signature', () => {
    const signed = (text: string, signature: string) =>
      delta({ reasoning_details: [{ type: 'reasoning.text', text, signature }] });
    expect(plain(read(signed('a', 's'), signed('b', 't'))).slice(1, 9)).toMatchObject([
      { ...block('reasoning'), index: 0 },
      { type: 'delta', index: 0, delta: { type: 'reasoning', text: 'a' } },
      { type: 'delta', index: 0, delta: { type: 'signature', text: 's' } },
      { type: 'block_end', index: 0 },
      { ...block('reasoning'), index: 1 },
      { type: 'delta', index: 1, delta: { type: 'reasoning', text: 'b' } },
      { type: 'delta', index: 1, delta: { type: 'signature', text: 't' } },
      { type: 'block_end', index: 1 },
    ]);
  });

  it('keeps several choices apart', () => {
    const events = plain(read(delta({ content: 'a' }), delta({ content: 'b' }, 1), delta({ content: 'c' })));
    const texts = events.flatMap((event) =>
      event.type === 'delta' ? [[event.choice ?? 0, event.index, event.delta]] : [],
    );
    expect(texts).toEqual([
      [0, 0, { type: 'text', text: 'a' }],
      [1, 0, { type: 'text', text: 'b' }],
      [0, 0, { type: 'text', text: 'c' }],
    ]);
  });

  it('has the text of each of its chunks once, the usage with the end', () => {
    const usage = JSON.stringify({
      id: 'c',
      model: 'm',
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    });
    const chunks = [
      delta({ role: 'assistant', content: 'a' }),
      delta({}),
      chunk({ index: 0, delta: {}, finish_reason: 'stop' }),
      usage,
    ];
    const events = read(...chunks);
    expect(events.map(({ native }) => native?.text).filter((text) => text !== '')).toEqual(chunks);
    expect(events.at(-1)).toMatchObject({ type: 'end', tokens: { input: 3, output: 2 }, native: { text: usage } });
  });

  it.each([
    ['{"error":{"message":"slow down","type":"rate_limit_error"}}', 'provider.rate_limited'],
    ['{"error":"broken"}', 'provider.failed'],
    ['{"choices":[]}', 'provider.bad_response'],
    ['<html>', 'provider.bad_response'],
  ])('with %s in place of a chunk is %s', (data, code) => {
    expect(() => read(data)).toThrow(expect.objectContaining({ code }));
  });
});
