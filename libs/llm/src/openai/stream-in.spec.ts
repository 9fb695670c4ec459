import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@parley/contracts';
import { OpenAiStreamReader } from './stream-in.js';

const chunk = (...choices: object[]) => JSON.stringify({ id: 'c', model: 'm', created: 1, choices });
const delta = (fields: object, index = 0) => chunk({ index, delta: fields, finish_reason: null });

function read(...data: string[]): StreamEvent[] {
  const reader = new OpenAiStreamReader('openai', ['seed']);
  return [...data, '[DONE]'].flatMap((text) => reader.read({ data: text }));
}

/** Events without the provider’s own text. */
const plain = (events: readonly StreamEvent[]) => events.map(({ native: _native, ...event }) => event);

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
    const block = (type: string) => ({ type: 'block_start', block: { type } });
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
