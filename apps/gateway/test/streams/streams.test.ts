/** Real: readers and providers over HTTP, with the router, the dialects and the writing of streams between them. Fake: the record. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testOfflineModel, type TestOfflineModel } from '@parley/testing';
import { anthropicDialect } from '../../src/dialects/anthropic/index.js';
import { openaiDialect } from '../../src/dialects/openai/index.js';
import { responsesDialect } from '../../src/dialects/responses/index.js';
import { listen, serve, type Served, type ServedOptions } from './served.js';

let model: TestOfflineModel;
const ending: (() => Promise<void>)[] = [];

beforeAll(async () => {
  model = await testOfflineModel();
});
afterAll(() => model.stop());
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

const long = 60_000;

async function newServed(options: Partial<ServedOptions> = {}): Promise<Served> {
  const bounds = { deadlineMs: long, heartbeatMs: long, readerTimeoutMs: long };
  const served = await serve({ dialect: openaiDialect, providerUrl: model.url, ...bounds, ...options });
  ending.push(() => served.stop());
  return served;
}

const question = (content: string) =>
  JSON.stringify({ model: 'claude-x', stream: true, max_tokens: 100, messages: [{ role: 'user', content }] });

const ask = (url: string, content: string, signal?: AbortSignal): Promise<Response> =>
  fetch(url, { method: 'POST', body: question(content), ...(signal && { signal }) });

const dialects = [
  ['openai', openaiDialect, /^data: \{"error":\{.*\n\n$/, ': heartbeat\n\n'],
  [
    'anthropic',
    anthropicDialect,
    /^event: error\ndata: \{"type":"error".*\n\n$/,
    'event: ping\ndata: {"type": "ping"}\n\n',
  ],
] as const;

describe.each(dialects)('a reader in the dialect of %s', (_, dialect, anError, heartbeat) => {
  it.each(['half-stream', 'short-stream', 'error-event'])(
    'of a provider that plays %s gets what came and an error, which is on record as estimated',
    async (fault) => {
      const { url, ends } = await newServed({ dialect });
      const answer = await ask(url, `[offline: fault=${fault}] hello there`);
      const events = (await answer.text()).split(/(?<=\n\n)/);
      expect(answer.status).toBe(200);
      expect(events.length).toBeGreaterThan(2);
      expect(events.at(-1)).toMatch(anError);
      expect(ends).toEqual([expect.objectContaining({ outcome: 'interrupted', estimated: true })]);
      expect(ends[0]?.tokens.output).toBeGreaterThan(0);
    },
  );

  it('of a provider that falls silent half way hears that the stream lives, until the deadline ends it', async () => {
    const { url, ends } = await newServed({ dialect, heartbeatMs: 300, deadlineMs: 3_000 });
    const text = await (await ask(url, '[offline: fault=stalled-stream] hello there')).text();
    expect(text.split(heartbeat).length - 1).toBeGreaterThanOrEqual(2);
    expect(text.split(/(?<=\n\n)/).at(-1)).toMatch(anError);
    expect(ends).toEqual([
      expect.objectContaining({ outcome: 'interrupted', estimated: true, failure: 'provider.timeout' }),
    ]);
  });

  it('of a provider that says nothing at all hears it too', async () => {
    const { url } = await newServed({ dialect, heartbeatMs: 300, deadlineMs: 3_000 });
    const answer = await ask(url, '[offline: fault=hang] hello there');
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text.startsWith(heartbeat)).toBe(true);
    expect(text.split(/(?<=\n\n)/).at(-1)).toMatch(anError);
  });

  it('of a provider that sends a byte a second is told within the deadline', async () => {
    const { url } = await newServed({ dialect, deadlineMs: 1_500 });
    const answer = await ask(url, '[offline: fault=drip] hello there');
    expect(answer.status).toBe(504);
  });

  it('gets characters whole that the provider sends byte by byte', async () => {
    const { url } = await newServed({ dialect });
    const said = '“日本🦜”';
    expect(await (await ask(url, `[offline: fault=drip delay=1 say="${said}"]`)).text()).toContain(said);
  });
});

const eventOf = (data: { type: string }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

/** A provider of Anthropic's that never stops talking; `sent` are its words so far. */
async function newTalker() {
  const seen = { sent: 0, left: 0 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-x', content: [] };
  const usage = { input_tokens: 3, output_tokens: 0 };
  const start = { type: 'message_start', message: { ...message, usage } };
  const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
  const delta = { type: 'text_delta', text: 'x'.repeat(10_000) };
  const word = eventOf({ type: 'content_block_delta', index: 0, delta } as { type: string });
  const { url, stop } = await listen((req, res) => {
    if (req.method === 'GET') return void res.writeHead(404).end();
    res.on('close', () => (seen.left += 1));
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write(eventOf(start) + eventOf(block));
    const talk = () => {
      while (!res.destroyed && res.write(word)) seen.sent += 1;
      if (!res.destroyed) res.once('drain', talk);
    };
    talk();
  });
  ending.push(stop);
  return { url, seen };
}

/** A provider of Anthropic's that says who it is once it is told to; `asked` resolves when somebody waits for that. */
async function newProvider() {
  const [asked, told] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-x', content: [] };
  const start = { type: 'message_start', message: { ...message, usage: { input_tokens: 3, output_tokens: 0 } } };
  const { url, stop } = await listen(async (req, res) => {
    if (req.method === 'GET') return void res.writeHead(404).end();
    asked.resolve(undefined);
    await told.promise;
    res.writeHead(200, { 'content-type': 'text/event-stream' }).end(eventOf(start));
  });
  ending.push(stop);
  return { url, asked: asked.promise, answer: () => told.resolve(undefined) };
}

/** A connection that has asked and of which nothing is read. */
async function askWithoutReading({ url }: Served) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  ending.push(async () => void socket.destroy());
  await once(socket, 'connect');
  const body = question('hello there');
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}

describe('a reader that does not read', () => {
  it('holds back the provider, then is cut off, which is on record as the end of the call', async () => {
    const { url: providerUrl, seen } = await newTalker();
    const served = await newServed({ providerUrl, readerTimeoutMs: 3_000 });
    await askWithoutReading(served);
    let before = 0;
    // Once the buffers of the sockets are full the provider sends no more, although its reader is still there.
    await eventually(
      () => {
        const { sent, left } = seen;
        const held = { sent: sent - before, begun: sent > 0, left };
        before = sent;
        expect(held).toEqual({ sent: 0, begun: true, left: 0 });
      },
      { timeoutMs: 10_000, intervalMs: 300 },
    );
    await eventually(() => expect(seen.left).toBe(1), { timeoutMs: 10_000 });
    await eventually(() => expect(served.ends).toEqual([expect.objectContaining({ outcome: 'cancelled' })]));
  });
});

describe('a reader that leaves', () => {
  it('ends the provider’s call, and what came is on record', async () => {
    const { url: providerUrl, seen } = await newTalker();
    const { url, ends } = await newServed({ providerUrl });
    const gone = new AbortController();
    const answer = await ask(url, 'hello there', gone.signal);
    await answer.body?.getReader().read();
    gone.abort();
    await eventually(() => expect(seen.left).toBe(1));
    await eventually(() => expect(ends).toEqual([expect.objectContaining({ outcome: 'cancelled', estimated: true })]));
    expect(ends[0]?.tokens.output).toBeGreaterThan(0);
  });

  it('before the first word ends it as well', async () => {
    const provider = await newProvider();
    const { url, ends } = await newServed({ providerUrl: provider.url });
    const gone = new AbortController();
    const asked = ask(url, 'hello there', gone.signal);
    void provider.asked.then(() => gone.abort());
    await expect(asked).rejects.toThrow();
    await eventually(() => expect(ends).toEqual([expect.objectContaining({ outcome: 'cancelled' })]));
  });
});

describe('what is told of an answer', () => {
  /** The dialect leaves one field out, the provider another. */
  const dropping = JSON.stringify({
    model: 'claude-x',
    stream: true,
    input: 'hello there',
    truncation: 'auto',
    service_tier: 'flex',
  });
  const told = {
    'x-parley-provider': 'anthropic',
    'x-parley-model': 'claude-x',
    'x-parley-attempts': '1',
    'x-parley-dropped': 'truncation, service_tier',
  };

  it('is in its headers where they wait for it', async () => {
    const provider = await newProvider();
    const { url } = await newServed({ dialect: responsesDialect, providerUrl: provider.url });
    provider.answer();
    const answer = await fetch(url, { method: 'POST', body: dropping });
    expect(Object.fromEntries(answer.headers)).toMatchObject(told);
    expect(await answer.text()).toMatch(/^event: /);
  });

  it('is in comments before its first event where a heartbeat has sent them, with what was known by then', async () => {
    const provider = await newProvider();
    const { url } = await newServed({ dialect: responsesDialect, providerUrl: provider.url, heartbeatMs: 100 });
    const answer = await fetch(url, { method: 'POST', body: dropping });
    provider.answer();
    const [before = ''] = (await answer.text()).split(/^event: /m);
    for (const [name, value] of Object.entries(told)) expect(before).toContain(`: ${name}: ${value}\n`);
    expect(answer.headers.get('x-parley-dropped')).toBe('truncation');
    expect(answer.headers.has('x-parley-provider')).toBe(false);
  });
});
