import { describe, expect, it } from '@jest/globals';
import type { StreamBatch } from '@parley/contracts';
import { AnthropicStreamReader } from '../anthropic/stream-in.js';
import type { Answer } from './answer.js';
import { readStream } from './read-stream.js';
import type { Transport } from './transport.js';

const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const start = event('message_start', {
  message: { id: 'm', model: 'c', usage: { input_tokens: 3, output_tokens: 1 } },
});
const words = [
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Half' } }),
].join('');
const failed = event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });

/** What is read of an answer that arrives in these pieces, and how it ends. */
async function read(...pieces: string[]) {
  const answer = {
    headers: { 'content-type': 'text/event-stream' },
    destroy: () => undefined,
    async *[Symbol.asyncIterator]() {
      yield* pieces.map((piece) => Buffer.from(piece));
    },
  };
  const transport = { provider: 'p', firstByteTimeoutMs: 1_000 } as Transport;
  const { signal } = new AbortController();
  const batches: StreamBatch[] = [];
  try {
    const reader = new AnthropicStreamReader('p', []);
    for await (const batch of readStream(transport, answer as unknown as Answer, signal, reader)) batches.push(batch);
  } catch (error) {
    return { types: batches.flat().map(({ type }) => type), error };
  }
  throw new Error('it ended well');
}

describe('a provider that fails in the middle of its answer', () => {
  it.each([
    ['in one piece with what it said', [start + words + failed]],
    ['after what it said', [start + words, failed]],
  ])('%s has said that before', async (_, pieces) => {
    const { types, error } = await read(...pieces);
    expect(types).toEqual(['start', 'block_start', 'delta']);
    expect(error).toMatchObject({ code: 'provider.overloaded' });
  });

  it('before it said anything has begun no answer', async () => {
    const { types, error } = await read(start + failed);
    expect(types).toEqual([]);
    expect(error).toMatchObject({ code: 'provider.overloaded' });
  });
});
