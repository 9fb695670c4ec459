import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@parley/contracts';
import { AnthropicStreamReader } from './stream-in.js';

type WireEvent = { readonly type: string } & Record<string, unknown>;

function read(...events: readonly WireEvent[]): StreamEvent[] {
  const reader = new AnthropicStreamReader('anthropic', []);
  return events.flatMap((event) => reader.read({ event: event.type, data: JSON.stringify(event) }));
}

const use = (input: object = {}) => ({ type: 'tool_use', id: 'a', name: 'now', input, caller: { type: 'direct' } });
const start = (content_block: object) => ({ type: 'content_block_start', index: 0, content_block });
const json = (partial_json: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'input_json_delta', partial_json },
});
const end = { type: 'content_block_stop', index: 0 };

/** The text of a call’s arguments. */
const argumentsOf = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === 'delta' && event.delta.type === 'arguments' ? event.delta.text : '')).join('');

describe('a streamed message', () => {
  it.each<[string, readonly WireEvent[], string]>([
    ['comes in pieces', [start(use()), json(''), json('{"x"'), json(':1}'), end], '{"x":1}'],
    ['never comes', [start(use()), json(''), end], '{}'],
    ['comes with the call', [start(use({ x: 1 })), end], '{"x":1}'],
  ])('has arguments that are JSON when their text %s', (_how, events, text) => {
    expect(argumentsOf(read(...events))).toBe(text);
  });

  it('has the text of each of its events once', () => {
    const events = [start(use()), json(''), end];
    const texts = read(...events).map(({ native }) => native?.text);
    expect(texts.filter((text) => text !== '')).toEqual(events.map((event) => JSON.stringify(event)));
  });
});
