import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@parley/testing';
import { deadAddress, listening, Open } from './assembly.js';
import { ask, begin, bytes, edgeTo, mebibyte, newEdge, read, type Question } from './edge.js';

/** Real: the client, the edge's server, the instances and all connections between them. */
describe('ServiceProxy.forward, when something fails,', () => {
  const open = new Open();
  afterEach(() => open.close());

  it('ends the work of the instance when the client goes away', async () => {
    const closed = jest.fn();
    const { url, over } = await edgeTo(open, (_request, response) => {
      response.on('close', closed);
      response.writeHead(200).write('first');
    });
    const response = await ask(open, url);
    response.destroy();
    await eventually(() => expect(closed).toHaveBeenCalledTimes(1));
    await over[0];
  });

  it('cuts the client off when the instance breaks off its answer', async () => {
    const { url } = await edgeTo(open, (_request, response) => {
      response.writeHead(200).write('half');
      setImmediate(() => response.destroy());
    });
    const response = await ask(open, url);
    await expect(bytes(response)).rejects.toThrow('aborted');
  });

  it('cuts the client off when the instance falls silent for too long within its answer', async () => {
    const { url } = await edgeTo(open, (_request, response) => void response.writeHead(200).write('half'), {
      readTimeoutMs: 200,
    });
    const response = await ask(open, url);
    await expect(bytes(response)).rejects.toThrow('aborted');
  });

  describe('answers in place of an instance that', () => {
    const body = { method: 'POST', body: 'x'.repeat(100_000) };
    const both = [
      ['a GET', {}],
      ['a POST', body],
    ] satisfies [string, Question][];

    it.each(both)('does not listen: 503 to %s', async (_what, options) => {
      const { url } = await newEdge(open, [await deadAddress(open)]);
      expect(await read(open, url, options)).toEqual({ status: 503, body: 'service.unavailable' });
    });

    it('is not there: 503', async () => {
      const { url } = await newEdge(open, []);
      expect(await read(open, url, body)).toEqual({ status: 503, body: 'service.unavailable' });
    });

    it.each(both)('never answers: 504 to %s', async (_what, options) => {
      const { url } = await edgeTo(open, (request) => void request.resume(), { readTimeoutMs: 200 });
      const startedAt = performance.now();
      expect(await read(open, url, options)).toEqual({ status: 504, body: 'service.timeout' });
      expect(performance.now() - startedAt).toBeLessThan(3_000);
    });

    it.each(both)('hangs up: 502 to %s', async (_what, options) => {
      const { url } = await edgeTo(open, (request) => void request.socket.destroy());
      expect(await read(open, url, options)).toEqual({ status: 502, body: 'service.bad_response' });
    });

    it('speaks no HTTP: 502', async () => {
      const server = createServer((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      open.add(() => server.close());
      const { url } = await newEdge(open, [`http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
      expect(await read(open, url)).toEqual({ status: 502, body: 'service.bad_response' });
    });

    it('has no room: 503', async () => {
      const { url } = await edgeTo(open, () => undefined, { connections: 1 });
      const answers = [1, 2, 3].map(() => read(open, url).catch(() => undefined));
      expect(await Promise.race(answers)).toEqual({ status: 503, body: 'service.overloaded' });
    });
  });

  it('asks another instance when one does not listen, the body included', async () => {
    const { url: alive } = await listening(open, (request, response) => void request.pipe(response));
    const { url } = await newEdge(open, [await deadAddress(open), alive]);
    for (let call = 0; call < 10; call++) {
      expect(await read(open, url, { method: 'POST', body: 'hello' })).toEqual({ status: 200, body: 'hello' });
    }
  });

  it('asks again when a request without a body was lost, but not when a body was under way', async () => {
    const lost = jest.fn();
    const answers: RequestListener = (request, response) => {
      if (lost.mock.calls.length > 0) return void response.end('here');
      lost();
      request.socket.destroy();
    };
    expect(await read(open, (await edgeTo(open, answers)).url)).toEqual({ status: 200, body: 'here' });
    lost.mockClear();
    const { url } = await edgeTo(open, answers);
    expect(await read(open, url, { method: 'POST', body: 'x' })).toEqual({ status: 502, body: 'service.bad_response' });
  });

  it('passes on an answer that comes before the body has ended', async () => {
    const { url } = await edgeTo(open, (_request, response) => {
      response.writeHead(413, { connection: 'close' }).end('too large');
    });
    const request = begin(open, url, { method: 'POST', headers: { 'content-length': String(64 * mebibyte) } });
    request.write(Buffer.alloc(1_000));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    expect((await bytes(response)).toString()).toBe('too large');
  });

  it('lets the instance know when the client goes away within its body', async () => {
    const aborted = jest.fn();
    const arrived = Promise.withResolvers<undefined>();
    const { url, over } = await edgeTo(open, (request) => {
      request.on('error', aborted).resume();
      arrived.resolve(undefined);
    });
    const request = begin(open, url, { method: 'POST' });
    request.write('some');
    await arrived.promise;
    request.destroy();
    await eventually(() => expect(aborted).toHaveBeenCalledTimes(1));
    await over[0];
  });
});
