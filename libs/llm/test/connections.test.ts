/** Real: a provider over HTTP to a server that counts its connections and plays a scripted body. */
import { afterEach, expect, it } from '@jest/globals';
import type { CompletionRequest, StreamEvent } from '@parley/contracts';
import { anthropicProvider, type ModelProvider } from '../src/index.js';
import { eventually } from '@parley/testing';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content: [],
  usage: { input_tokens: 3, output_tokens: 0 },
};
const opening =
  event('message_start', { message }) +
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
const delta = (text: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
const closing =
  event('content_block_stop', { index: 0 }) +
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }) +
  event('message_stop', {});

const request: CompletionRequest = {
  model: 'claude-x',
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
};
const never = () => new AbortController().signal;

const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

async function newProvider(play: (response: ServerResponse) => void) {
  const seen = { connections: 0, closed: 0 };
  const server = createServer((incoming, response) => {
    incoming.resume();
    response.on('close', () => (seen.closed += response.writableFinished ? 0 : 1));
    play(response.writeHead(200, { 'content-type': 'text/event-stream' }));
  });
  server.on('connection', () => (seen.connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const limits = { connections: 2, firstByteTimeoutMs: 2_000, idleTimeoutMs: 2_000 };
  const sut = anthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl, ...limits });
  ended.push(
    () => sut.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { sut, seen };
}

async function readAll(sut: ModelProvider): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const batch of sut.stream(request, { signal: never() })) events.push(...batch);
  return events;
}

it('streams that follow each other share a connection, although each is left once its answer is whole', async () => {
  const { sut, seen } = await newProvider((response) => response.end(opening + delta('hello') + closing));
  for (let round = 0; round < 10; round += 1) expect((await readAll(sut)).at(-1)).toMatchObject({ type: 'end' });
  expect(seen.connections).toBeLessThanOrEqual(2);
});

it('a reader that leaves a stream ends the provider’s call', async () => {
  const { sut, seen } = await newProvider((response) => response.write(opening + delta('hello')));
  for await (const batch of sut.stream(request, { signal: never() })) {
    expect(batch[0]?.type).toBe('start');
    break;
  }
  await eventually(() => expect(seen.closed).toBe(1));
});

it('a slow reader holds the provider back instead of growing memory', async () => {
  const piece = delta('x'.repeat(10_000));
  let sent = 0;
  const { sut } = await newProvider((response) => {
    response.write(opening);
    const pump = () => {
      while (sent < 5_000 && response.write(piece)) sent += 1;
      if (sent < 5_000) response.once('drain', pump);
    };
    pump();
  });
  const batches = sut.stream(request, { signal: never() })[Symbol.asyncIterator]();
  await batches.next();
  let before = -1;
  // The provider has stopped once nothing more was sent between two looks.
  await eventually(() => {
    const now = sent;
    const stopped = now === before;
    before = now;
    expect(stopped).toBe(true);
  });
  expect(sent).toBeLessThan(4_000);
  await batches.return?.();
});

it('one event that never ends is refused before it fills the memory', async () => {
  const { sut } = await newProvider((response) => {
    response.write('data: ');
    const pump = () => {
      while (!response.destroyed && response.write('x'.repeat(100_000)));
      if (!response.destroyed) response.once('drain', pump);
    };
    pump();
  });
  await expect(readAll(sut)).rejects.toMatchObject({ code: 'provider.bad_response' });
});
