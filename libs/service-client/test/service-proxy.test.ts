import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Open } from './assembly.js';
import { ask, begin, bytes, edgeTo, mebibyte, pour, read, standsStill } from './edge.js';

/** Real: the client, the edge's server, the instances and all connections between them. */
describe('ServiceProxy.forward', () => {
  const open = new Open();
  afterEach(() => open.close());

  it('passes on method, path, end-to-end headers and bodies, and nothing that belongs to one connection', async () => {
    const seen: IncomingMessage[] = [];
    const { url } = await edgeTo(open, (request, response) => {
      seen.push(request);
      const headers = {
        'x-answer': 'yes',
        'set-cookie': ['a=1', 'b=2'],
        connection: 'x-hop',
        'x-hop': '1',
        te: 'trailers',
      };
      response.writeHead(201, headers);
      request.pipe(response);
    });
    const response = await ask(open, url, {
      method: 'PATCH',
      path: '/v1/things?a=1&b=%20',
      headers: {
        'x-kept': 'yes',
        connection: 'close, x-dropped',
        'x-dropped': '1',
        te: 'trailers',
        'proxy-authorization': 'x',
      },
      body: 'hello',
    });
    expect((await bytes(response)).toString()).toBe('hello');
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({ 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'] });
    expect(response.headers).not.toHaveProperty('x-hop');
    expect(response.headers).not.toHaveProperty('te');
    expect(seen[0]).toMatchObject({ method: 'PATCH', url: '/v1/things?a=1&b=%20' });
    expect(seen[0]?.headers).toMatchObject({ 'x-kept': 'yes' });
    for (const name of ['x-dropped', 'te', 'proxy-authorization']) expect(seen[0]?.headers).not.toHaveProperty(name);
  });

  it('sets and takes away the headers that it is told to', async () => {
    const { url } = await edgeTo(open, (request, response) => response.end(JSON.stringify(request.headers)), {
      headers: { authorization: 'Bearer internal', 'x-api-key': null },
    });
    const { body } = await read(open, url, { headers: { authorization: 'Bearer outside', 'x-api-key': 'secret' } });
    expect(JSON.parse(body)).toMatchObject({ authorization: 'Bearer internal' });
    expect(body).not.toContain('secret');
  });

  describe('says who asked', () => {
    const echo: RequestListener = (request, response) => response.end(JSON.stringify(request.headers));
    const claims = {
      host: 'api.example.com',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'public.example.com',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
    };

    it('by its own knowledge where the peer is not trusted', async () => {
      const { url } = await edgeTo(open, echo);
      const { body } = await read(open, url, { headers: claims });
      const seen = JSON.parse(body) as Record<string, string>;
      expect(seen).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': 'api.example.com',
      });
      expect(body).not.toContain('203.0.113.9');
    });

    it('by the word of a trusted proxy, adding itself', async () => {
      const { url } = await edgeTo(open, echo, { trustedProxies: ['10.0.0.0/8', '127.0.0.1'] });
      const { body } = await read(open, url, { headers: claims });
      expect(JSON.parse(body)).toMatchObject({
        'x-forwarded-for': '203.0.113.9, 127.0.0.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'public.example.com',
      });
    });
  });

  it.each([
    ['of known length', (size: number) => ({ 'content-length': String(size) })],
    ['in chunks', () => ({ 'transfer-encoding': 'chunked' })],
  ])('carries a body of 1 MiB %s both ways unchanged', async (_how, headersFor) => {
    const { url } = await edgeTo(open, (request, response) => {
      response.writeHead(200, headersFor(mebibyte));
      request.pipe(response);
    });
    const sent = randomBytes(mebibyte);
    const response = await ask(open, url, { method: 'POST', headers: headersFor(mebibyte), body: sent });
    expect((await bytes(response)).equals(sent)).toBe(true);
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('passes on an answer without a body: %s %d', async (method, status) => {
    const { url } = await edgeTo(open, (_request, response) => response.writeHead(status, { etag: '"1"' }).end());
    const response = await ask(open, url, { method });
    expect(response.statusCode).toBe(status);
    expect(response.headers.etag).toBe('"1"');
    expect(await bytes(response)).toHaveLength(0);
  });

  it('passes on head and events the moment they are sent', async () => {
    const sent: ((event: string) => void)[] = [];
    const { url } = await edgeTo(open, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      sent.push((event) => void response.write(event));
    });
    const response = await ask(open, url);
    expect(response.headers['content-type']).toBe('text/event-stream');
    for (const event of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
      sent[0]?.(event);
      const [chunk] = (await once(response, 'data')) as [Buffer];
      expect(chunk.toString()).toBe(event);
    }
  });

  it('holds the instance back while the client does not read', async () => {
    const total = 64 * mebibyte;
    const poured = Promise.withResolvers<ReturnType<typeof pour>>();
    const { url } = await edgeTo(open, (_request, response) => poured.resolve(pour(response, total)));
    const response = await ask(open, url);
    const progress = await poured.promise;
    await standsStill(() => progress.written);
    expect(progress.written).toBeLessThan(total / 2);
    expect(await bytes(response)).toHaveLength(total);
  }, 30_000);

  it('holds the client back while the instance does not read', async () => {
    const total = 64 * mebibyte;
    const arrived = Promise.withResolvers<IncomingMessage>();
    const { url } = await edgeTo(open, (request, response) => {
      arrived.resolve(request);
      request.on('end', () => response.end('done'));
    });
    const request = begin(open, url, { method: 'POST' });
    const progress = pour(request, total);
    const upstream = await arrived.promise;
    await standsStill(() => progress.written);
    expect(progress.written).toBeLessThan(total / 2);
    upstream.resume();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect((await bytes(response)).toString()).toBe('done');
  }, 30_000);
});
