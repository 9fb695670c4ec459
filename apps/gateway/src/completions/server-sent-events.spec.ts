import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { sendEvents } from './server-sent-events.js';

const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** The response to a client that has sent its request, and a way for that client to vanish. */
async function newCaller() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  const leave = async () => {
    const closed = once(response, 'close');
    client.resetAndDestroy();
    await closed;
  };
  closing.push(() => client.destroy());
  return { response, leave };
}

/** As much of Fastify's reply as is used. */
const replyOf = (raw: ServerResponse) =>
  ({ raw, hijack: () => undefined, getHeaders: () => ({}) }) as unknown as FastifyReply;

async function* chunks(): AsyncGenerator<string, void, void> {
  for (;;) yield 'x'.repeat(100_000);
}

describe('a caller that goes away', () => {
  it('ends the sending while its buffers are full, and the source is closed', async () => {
    const { response, leave } = await newCaller();
    const source = chunks();
    const sent = sendEvents(replyOf(response), source, () => '');
    await leave();
    await sent;
    expect(await source.next()).toEqual({ done: true, value: undefined });
  });

  it('ends the sending at once when it had left before', async () => {
    const { response, leave } = await newCaller();
    await leave();
    const source = chunks();
    await sendEvents(replyOf(response), source, () => '');
    expect(await source.next()).toEqual({ done: true, value: undefined });
  });
});
