import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { AppError } from '@parley/contracts';
import { ManualClock } from '@parley/resilience/testing';
import type { FastifyReply } from 'fastify';
import { ServerSentEvents } from './server-sent-events.js';
import { StreamBounds } from './stream-bounds.js';

const heartbeatMs = 1_000;
const readerTimeoutMs = 5_000;
const heartbeat = ': beat\n\n';

/** Keeps what it is sent; a reader that `stalls` takes it and does not ask for more. */
class Reader extends Duplex {
  text = '';
  stalls = false;
  private more: (() => void) | undefined;

  override _read(): void {
    // It says nothing.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    if (this.stalls) this.more = done;
    else done();
  }

  /** Without the status before them. */
  get events(): string[] {
    return this.text.slice(this.text.indexOf('\r\n\r\n') + 4).split(/(?<=\n\n)/);
  }

  goOn(): void {
    this.stalls = false;
    this.more?.();
  }
}

/** A source that gives what a test tells it to, when it tells it to. */
function newSource() {
  let next = Promise.withResolvers<string | undefined>();
  let closed = false;
  async function* chunks(): AsyncGenerator<string, void, void> {
    try {
      for (let chunk = await next.promise; chunk !== undefined; chunk = await next.promise) {
        next = Promise.withResolvers();
        yield chunk;
      }
    } finally {
      closed = true;
    }
  }
  return {
    chunks: chunks(),
    say: (chunk: string) => next.resolve(chunk),
    end: () => next.resolve(undefined),
    fail: (error: Error) => next.reject(error),
    isClosed: () => closed,
  };
}

function newStream() {
  const clock = new ManualClock();
  const reader = new Reader();
  const raw = new ServerResponse(new IncomingMessage(new Socket()));
  raw.assignSocket(reader as unknown as Socket);
  // What Node's server does.
  reader.on('drain', () => raw.emit('drain'));
  raw.on('finish', () => raw.detachSocket(reader as unknown as Socket));
  const reply = { raw, hijack: () => undefined, getHeaders: () => ({ 'x-of-a-guard': '1' }) };
  const source = newSource();
  const sut = new ServerSentEvents(new StreamBounds(heartbeatMs, readerTimeoutMs), clock);
  const sent = sut.send(reply as unknown as FastifyReply, {
    chunks: source.chunks,
    heartbeat,
    onError: ({ code }) => `data: ${code}\n\n`,
  });
  // Looked at by the tests that expect it.
  sent.catch(() => undefined);
  return { clock, reader, raw, source, sent };
}

describe('a model that keeps silent', () => {
  it('is covered by heartbeats, also before the first word', async () => {
    const { clock, reader, source, sent } = newStream();
    await clock.advance(heartbeatMs * 2);
    expect(reader.text).toMatch(/^HTTP\/1.1 200 OK\r\nx-of-a-guard: 1\r\n/);
    source.say('data: 1\n\n');
    await clock.advance(heartbeatMs);
    source.end();
    await sent;
    expect(reader.events).toEqual([heartbeat, heartbeat, 'data: 1\n\n', heartbeat]);
    expect(clock.pending).toBe(0);
  });

  it('has none as long as it speaks in time', async () => {
    const { clock, reader, source, sent } = newStream();
    for (const word of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
      await clock.advance(heartbeatMs - 1);
      source.say(word);
    }
    await clock.advance(1);
    source.end();
    await sent;
    expect(reader.events).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']);
  });
});

describe('a failure', () => {
  it('before anything was sent is thrown, and is answered as any other', async () => {
    const { clock, reader, source, sent } = newStream();
    await clock.advance(heartbeatMs - 1);
    source.fail(new AppError('provider.failed'));
    await expect(sent).rejects.toMatchObject({ code: 'provider.failed' });
    expect(reader.text).toBe('');
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['of the provider', new AppError('provider.interrupted'), 'provider.interrupted'],
    ['of our own', new Error('a secret of the insides'), 'service.internal'],
  ])('%s after a heartbeat is the last event', async (_whose, error, code) => {
    const { clock, reader, source, sent } = newStream();
    await clock.advance(heartbeatMs);
    source.fail(error);
    await sent;
    expect(reader.events).toEqual([heartbeat, `data: ${code}\n\n`]);
  });
});

describe('a reader that takes nothing', () => {
  const much = `data: ${'x'.repeat(1_000_000)}\n\n`;

  it('gets no heartbeats on top, and goes on when it is back in time', async () => {
    const { clock, reader, source, sent } = newStream();
    reader.stalls = true;
    source.say(much);
    await clock.advance(readerTimeoutMs - 1);
    reader.goOn();
    await clock.advance(0);
    source.end();
    await sent;
    expect(reader.events).toEqual([much]);
    expect(clock.pending).toBe(0);
  });

  it('is cut off after its time, and the source is closed', async () => {
    const { clock, reader, raw, source, sent } = newStream();
    reader.stalls = true;
    source.say(much);
    await clock.advance(readerTimeoutMs);
    await sent;
    expect(raw.destroyed).toBe(true);
    expect(source.isClosed()).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
