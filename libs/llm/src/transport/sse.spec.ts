import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StreamEvent } from '@parley/contracts';
import { AnthropicStreamReader } from '../anthropic/stream-in.js';
import { OpenAiStreamReader } from '../openai/stream-in.js';
import type { StreamReader } from './read-stream.js';
import { serverSentEvents } from './sse.js';

const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', model: 'm', created: 1, choices: [{ index: 0, delta, finish_reason }] })}\r\n\r\n`;

const anthropic = [
  event('message_start', { message: { id: 'msg_1', model: 'claude-x', usage: { input_tokens: 3, output_tokens: 1 } } }),
  ': a comment\n',
  event('ping', {}),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'naïve 🦜 “日本語”' } }),
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
  event('message_stop', {}),
].join('');

const openai = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'naïve 🦜 “日本語”' }),
  chunk({}, 'stop'),
  `data: {"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}\n\n`,
  'data: [DONE]\n\n',
].join('');

async function* body(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function read(text: string, cuts: readonly number[], reader: StreamReader): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const messages of serverSentEvents(body(new TextEncoder().encode(text), cuts))) {
    for (const message of messages) events.push(...reader.read(message));
  }
  return events.map((one) => (one.type === 'start' ? { ...one, created: 0 } : one));
}

describe.each([
  ['anthropic', anthropic, () => new AnthropicStreamReader('anthropic', [])],
  ['openai', openai, () => new OpenAiStreamReader('openai', [])],
] as const)('a stream of %s', (_name, text, newReader) => {
  it('gives the same events wherever the connection cuts it in two', async () => {
    const whole = await read(text, [], newReader());
    expect(whole.at(0)?.type).toBe('start');
    expect(whole.at(-1)?.type).toBe('end');
    for (let cut = 1; cut < Buffer.byteLength(text); cut += 1)
      expect(await read(text, [cut], newReader())).toEqual(whole);
  });

  it('gives the same events however the connection cuts it up', async () => {
    const whole = await read(text, [], newReader());
    const cuts = fc.uniqueArray(fc.nat(Buffer.byteLength(text)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const sorted = places.toSorted((a, b) => a - b);
        expect(await read(text, sorted, newReader())).toEqual(whole);
      }),
    );
  });
});
