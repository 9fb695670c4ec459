import type { IncomingMessage, RequestListener } from 'node:http';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { defineRoute } from '@parley/contracts';
import { Deadline } from '@parley/resilience';
import { runInRequest, silentLog } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { z } from 'zod';
import { assemble, deadAddress, listening, Open } from './assembly.js';

const answer = z.strictObject({ id: z.string(), parts: z.array(z.strictObject({ n: z.int() })) });
const get = defineRoute({ service: 'auth', method: 'GET', path: '/internal/things/:id', response: answer });
const post = defineRoute({
  service: 'auth',
  method: 'POST',
  path: '/internal/things',
  request: z.strictObject({ name: z.string() }),
  response: answer,
});
const thing = { id: 't1', parts: [{ n: 1 }] };

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
const problem = (status: number, code: string, headers?: Record<string, string>, more: object = {}) =>
  json(status, { type: `urn:parley:error:${code}`, title: 'x', status, code, request_id: 'r', ...more }, headers);

/** Counts the requests and hands them on. */
const counting = (handler: RequestListener) => jest.fn(handler);

/** Real: HTTP servers and connections. The addresses are configured ones. */
describe('ServiceClient', () => {
  const open = new Open();
  afterEach(() => open.close());

  async function client(...handlers: RequestListener[]) {
    const servers = await Promise.all(handlers.map((handler) => listening(open, handler)));
    return (
      await assemble(
        open,
        servers.map(({ url }) => url),
      )
    ).client;
  }

  it('sends parameters, query, body and token, and answers the parsed response', async () => {
    const seen: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { body: string })[] = [];
    const sut = await client((request, response) => {
      void request.toArray().then((chunks) => {
        const { method, url, headers } = request;
        seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        json(200, thing)(request, response);
      });
    });
    expect(await sut.call(get, { params: { id: 'a/b' }, query: { page: 2, all: undefined }, token: 'jwt' })).toEqual(
      thing,
    );
    expect(await sut.call(post, { body: { name: 'n' } })).toEqual(thing);
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/internal/things/a%2Fb?page=2', body: '' });
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer jwt' });
    expect(seen[1]).toMatchObject({ method: 'POST', url: '/internal/things', body: '{"name":"n"}' });
    expect(seen[1]?.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '12' });
    expect(seen[1]?.headers.authorization).toBeUndefined();
  });

  it('sends the headers it is given, none of them in the place of its own, and shows those of the answer', async () => {
    const handler = counting(json(200, thing, { 'x-parley-cost': '0.5' }));
    const sut = await client(handler);
    const onHeaders = jest.fn();
    const headers = { 'x-parley-expert-query': 'q1', 'x-parley-deadline-ms': '9' };
    await sut.call(get, { params: { id: '1' }, headers, onHeaders, timeoutMs: 1_000 });
    const sent = handler.mock.calls[0]?.[0].headers ?? {};
    expect(sent).toMatchObject({ 'x-parley-expert-query': 'q1' });
    expect(Number(sent['x-parley-deadline-ms'])).toBeGreaterThan(500);
    expect(onHeaders).toHaveBeenCalledWith(expect.objectContaining({ 'x-parley-cost': '0.5' }));
  });

  it('passes on request id, trace and what remains of the deadline', async () => {
    const handler = counting(json(200, thing));
    const sut = await client(handler);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const request = { requestId: 'req-1', traceparent, deadline: Deadline.in(1_000), log: silentLog };
    await runInRequest(request, () => sut.call(get, { params: { id: '1' } }));
    const headers = handler.mock.calls[0]?.[0].headers ?? {};
    expect(headers).toMatchObject({ 'x-request-id': 'req-1', traceparent });
    expect(Number(headers['x-parley-deadline-ms'])).toBeGreaterThan(500);
    expect(Number(headers['x-parley-deadline-ms'])).toBeLessThanOrEqual(1_000);
  });

  it('accepts what a newer neighbour adds to an answer, and leaves it out', async () => {
    const sut = await client(json(200, { ...thing, added: true, parts: [{ n: 1, added: { deep: [] } }] }));
    expect(await sut.call(get, { params: { id: '1' } })).toEqual(thing);
  });

  it('sends an older neighbour what it knows of a body, once it has refused the rest', async () => {
    const route = defineRoute({
      ...post,
      lenient: true,
      request: z.strictObject({ name: z.string(), added: z.boolean().optional() }),
    });
    const errors = [{ path: 'added', message: 'Unknown field' }];
    const refusing = counting(problem(400, 'request.invalid', {}, { errors }));
    const older = counting((request, response) => {
      const refuse = older.mock.calls.length === 1;
      (refuse ? refusing : json(200, thing))(request, response);
    });
    expect(await (await client(older)).call(route, { body: { name: 'n', added: true } })).toEqual(thing);
    expect(refusing).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['does not fit', json(200, { id: 7, parts: [] })],
    ['has an added field and does not fit', json(200, { id: 7, parts: [], added: true })],
    ['is not JSON', (_request, response) => void response.end('<html>')],
    ['is empty', (_request, response) => void response.end()],
    ['is an error without a problem', json(500, 'oops')],
  ] satisfies [string, RequestListener][])('calls an answer that %s service.bad_response', async (_what, handler) => {
    const sut = await client(handler);
    await expect(sut.call(get, { params: { id: '1' } })).rejects.toMatchObject({ code: 'service.bad_response' });
  });

  it('makes a problem the AppError that the other service raised', async () => {
    const errors = [{ path: 'name', message: 'is taken' }];
    const sut = await client(
      problem(429, 'request.rate_limited', { 'retry-after': '7' }, { detail: 'slow down', errors }),
    );
    await expect(sut.call(get, { params: { id: '1' } })).rejects.toMatchObject({
      name: 'AppError',
      code: 'request.rate_limited',
      text: { detail: 'slow down', fields: errors, retryAfterMs: 7_000 },
    });
  });

  it.each([
    ['request.forbidden', 403, 'request.forbidden'],
    ['model_not_found', 404, 'request.not_found'],
  ])('reads the code %s of an error in OpenAI’s shape', async (code, status, read) => {
    const sut = await client(json(status, { error: { message: 'no', type: 'x', param: null, code } }));
    await expect(sut.call(get, { params: { id: '1' } })).rejects.toMatchObject({ code: read, text: { detail: 'no' } });
  });

  it.each([
    [404, 'request.not_found'],
    [418, 'service.bad_response'],
  ])('gives an unknown code of status %d the code %s', async (status, code) => {
    const sut = await client(problem(status, 'thing.brand_new'));
    await expect(sut.call(get, { params: { id: '1' } })).rejects.toMatchObject({ code });
  });

  it('goes to another instance when one does not listen, whatever the method', async () => {
    const alive = await listening(open, json(200, thing));
    const { client: sut } = await assemble(open, [await deadAddress(open), alive.url]);
    for (let call = 0; call < 10; call++) expect(await sut.call(post, { body: { name: 'n' } })).toEqual(thing);
  });

  it('repeats at another instance what was lost on the way only if that does no harm', async () => {
    const losing = counting((request) => void request.socket.destroy());
    const sut = await client(losing, losing);
    await expect(sut.call(post, { body: { name: 'n' } })).rejects.toMatchObject({ code: 'service.bad_response' });
    expect(losing).toHaveBeenCalledTimes(1);
    await expect(sut.call(post, { body: { name: 'n' }, idempotent: true })).rejects.toMatchObject({
      code: 'service.bad_response',
    });
    expect(losing).toHaveBeenCalledTimes(4);
    await expect(sut.call(get, { params: { id: '1' } })).rejects.toMatchObject({ code: 'service.bad_response' });
    expect(losing).toHaveBeenCalledTimes(7);
  });

  it('leaves an instance that drains for another, whatever the method', async () => {
    const draining = counting(problem(503, 'service.draining', { 'retry-after': '1' }));
    const sut = await client(draining, json(200, thing));
    for (let call = 0; call < 10; call++) expect(await sut.call(post, { body: { name: 'n' } })).toEqual(thing);
    expect(draining.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('hands on at once how long to wait when there is no other instance', async () => {
    const busy = counting(problem(503, 'service.overloaded', { 'retry-after': '5' }));
    const sut = await client(busy);
    await expect(sut.call(get, { params: { id: '1' } })).rejects.toMatchObject({
      code: 'service.overloaded',
      text: { retryAfterMs: 5_000 },
    });
    expect(busy).toHaveBeenCalledTimes(1);
  });

  it('says service.unavailable when there is nobody to call', async () => {
    const { client: nobody } = await assemble(open, []);
    await expect(nobody.call(get, { params: { id: '1' } })).rejects.toMatchObject({ code: 'service.unavailable' });
    const { client: dead } = await assemble(open, [await deadAddress(open)]);
    await expect(dead.call(get, { params: { id: '1' } })).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it.each([
    ['an answer that does not come', () => undefined],
    ['a body that does not end', (_request, response) => void response.writeHead(200).write('{')],
  ] satisfies [string, RequestListener][])(
    'gives up on %s after the time, and lets the instance know',
    async (_what, handler) => {
      const closed = jest.fn();
      const sut = await client((request, response) => {
        response.on('close', closed);
        handler(request, response);
      });
      const startedAt = performance.now();
      await expect(sut.call(get, { params: { id: '1' }, timeoutMs: 150 })).rejects.toMatchObject({
        code: 'service.timeout',
      });
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      await eventually(() => expect(closed).toHaveBeenCalledTimes(1));
    },
  );

  it('gives up when the deadline of the request at hand is over', async () => {
    const sut = await client(() => undefined);
    const request = { requestId: 'r', traceparent: '', deadline: Deadline.in(100), log: silentLog };
    const startedAt = performance.now();
    const call = runInRequest(request, () => sut.call(get, { params: { id: '1' } }));
    await expect(call).rejects.toMatchObject({ code: 'service.timeout' });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('ends the call with the caller’s own reason when the caller gives up', async () => {
    const closed = jest.fn();
    const arrived = Promise.withResolvers<undefined>();
    const sut = await client((_request, response) => {
      response.on('close', closed);
      arrived.resolve(undefined);
    });
    const caller = new AbortController();
    const call = sut.call(get, { params: { id: '1' }, signal: caller.signal });
    await arrived.promise;
    caller.abort(new Error('changed my mind'));
    await expect(call).rejects.toThrow('changed my mind');
    await eventually(() => expect(closed).toHaveBeenCalledTimes(1));
  });

  it('stops asking an instance that keeps failing', async () => {
    const failing = counting(problem(500, 'service.internal'));
    const sut = await client(failing);
    for (let call = 0; call < 20; call++) {
      await expect(sut.call(post, { body: { name: 'n' } })).rejects.toMatchObject({ code: 'service.internal' });
    }
    await expect(sut.call(post, { body: { name: 'n' } })).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(failing).toHaveBeenCalledTimes(20);
  });

  it('does not count a caller’s own mistakes against the instance', async () => {
    const sut = await client(problem(404, 'api_key.not_found'));
    for (let call = 0; call < 40; call++) {
      await expect(sut.call(post, { body: { name: 'n' } })).rejects.toMatchObject({ code: 'api_key.not_found' });
    }
  });

  it('fetches the auth service’s public keys', async () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k1', alg: 'ES256', use: 'sig' };
    const handler = counting(json(200, { keys: [{ ...key, key_ops: ['verify'] }] }));
    const { jwks } = await assemble(open, [(await listening(open, handler)).url]);
    expect(await jwks.fetch()).toEqual({ keys: [key] });
    expect(handler.mock.calls[0]?.[0].url).toBe('/.well-known/jwks.json');
  });

  it('keeps its connections, as many as it may have, and refuses what does not find room to wait', async () => {
    const waiting: (() => void)[] = [];
    const { url, server } = await listening(open, (request, response) => {
      waiting.push(() => json(200, thing)(request, response));
    });
    const connected = jest.fn();
    server.on('connection', connected);
    const { client: sut, metrics } = await assemble(open, [url], { connections: 1 });
    const calls = [1, 2, 3].map((id) => sut.call(get, { params: { id: String(id) } }));
    await expect(calls[2]).rejects.toMatchObject({ code: 'service.overloaded' });
    const text = await metrics.expose();
    expect(text).toContain('service_pool_in_use{service="auth"} 1');
    expect(text).toContain('service_pool_waiting{service="auth"} 1');
    expect(text).toContain('breaker_state{service="auth"} 0');
    await eventually(() => expect(waiting).toHaveLength(1));
    waiting[0]?.();
    await eventually(() => expect(waiting).toHaveLength(2));
    waiting[1]?.();
    expect(await Promise.all(calls.slice(0, 2))).toEqual([thing, thing]);
    expect(connected).toHaveBeenCalledTimes(1);
  });
});
