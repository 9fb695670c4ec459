import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './ask.js';
import { startEdge, type TestEdge } from './fixture.js';
import { json } from './stub-service.js';
import { makeToken } from './tokens.js';

let edge: TestEdge;
const bearer = { authorization: `Bearer ${makeToken()}` };

beforeAll(async () => {
  edge = await startEdge();
});
afterEach(() => {
  for (const seen of [edge.local, edge.auth.seen, edge.analytics.seen]) seen.length = 0;
  edge.analytics.answer = json(200, { served_by: 'analytics' });
});
afterAll(() => edge.stop());

describe('the embedded edge', () => {
  it('does not start on a route file with anything in it that it does not honour', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'routes-'));
    const file = join(folder, 'kong.yml');
    const surface = await readFile(join(import.meta.dirname, '../../../../kong/kong.yml'), 'utf8');
    await writeFile(file, surface.replace('name: models', 'methods: [GET]\n        name: models'));

    await expect(startEdge(file)).rejects.toThrow(
      /services\[0\]\.routes\[\d+\]\.methods is not honoured by the embedded edge/,
    );
    await rm(folder, { recursive: true });
  });

  it('answers for the gateway in its own process, and forwards the rest to the service of the route', async () => {
    const own = await ask(edge.url, '/v1/models?limit=2', { headers: bearer });
    const other = await ask(edge.url, '/v1/analytics/usage?from=2026-01-01', { headers: bearer });

    expect(own.json()).toEqual({ served_by: 'gateway' });
    expect(edge.local.map(({ url }) => url)).toEqual(['/v1/models?limit=2']);
    expect(other.json()).toEqual({ served_by: 'analytics' });
    expect(edge.analytics.seen.map(({ url }) => url)).toEqual(['/v1/analytics/usage?from=2026-01-01']);
  });

  it('lets anyone in where the route asks for no credential', async () => {
    expect((await ask(edge.url, '/health')).status).toBe(200);
    expect((await ask(edge.url, '/.well-known/jwks.json')).status).toBe(200);
    expect((await ask(edge.url, '/v1/auth/login', { method: 'POST' })).status).toBe(500);
    expect(edge.auth.seen.map(({ url }) => url)).toEqual(['/.well-known/jwks.json', '/v1/auth/login']);
  });

  it('answers everything that no route names with a problem+json 404, credential or not', async () => {
    for (const target of ['/nothing', '/v1/modelsx', '/v1', '/metrics', '/internal/auth/exchange', '/health/live']) {
      const { status, headers, json: body } = await ask(edge.url, target, { method: 'POST', headers: bearer });
      expect(status).toBe(404);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(body()).toMatchObject({ status: 404, code: 'request.not_found' });
    }
  });

  it.each([
    '/v1/models/../../internal/auth/exchange',
    '/v1/auth/login/../../../internal/auth/exchange',
    '/v1/auth/%2e%2e/%2e%2e/internal/auth/exchange',
    '/v1/auth/%2E./.%2e/internal/auth/exchange',
    '/v1/auth/..//..//internal//auth/exchange',
    '//internal/auth/exchange',
    '/./internal/auth/exchange',
    '/%69nternal/auth/exchange',
    '/v1/analytics/../../metrics',
    'http://auth.service.consul/internal/auth/exchange',
  ])('lets nobody reach the inside by %s', async (target) => {
    const { status } = await ask(edge.url, target, { method: 'POST', headers: bearer });

    expect(status).toBe(404);
    expect([...edge.auth.seen, ...edge.analytics.seen, ...edge.local]).toEqual([]);
  });

  it.each([
    ['/v1/analytics/%2e%2e%2f%2e%2e%2finternal', '/v1/analytics/..%2F..%2Finternal'],
    ['/v1/analytics/..%5c..%5cinternal', '/v1/analytics/..%5C..%5Cinternal'],
    ['/v1/analytics/%252e%252e/%252e%252e/internal', '/v1/analytics/%252e%252e/%252e%252e/internal'],
    ['/v1/analytics/x;/../usage', '/v1/analytics/usage'],
  ])('forwards %s as the path that it matched', async (target, path) => {
    await ask(edge.url, target, { headers: bearer });

    expect(edge.analytics.seen.map(({ url }) => url)).toEqual([path]);
  });

  it.each(['/v1/%zz', '/v1/models/%00', '/v1/analytics/%%32e%%32e/internal'])(
    'refuses the broken path %s',
    async (target) => {
      const { status, json: body } = await ask(edge.url, target, { headers: bearer });

      expect(status).toBe(400);
      expect(body().code).toBe('request.invalid');
    },
  );

  it('keeps the caller’s name of a request, and gives one to a request without a sane one', async () => {
    const named = await ask(edge.url, '/v1/analytics/usage', { headers: { ...bearer, 'x-request-id': 'mine-7' } });
    const forged = await ask(edge.url, '/nothing', { headers: { 'x-request-id': 'a b "c"' } });

    expect(named.headers['x-request-id']).toBe('mine-7');
    expect(edge.analytics.seen[0]?.headers['x-request-id']).toBe('mine-7');
    expect(forged.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('answers a preflight for every path, and lets pages read answers and refusals', async () => {
    const page = { origin: 'https://app.example' };
    const preflight = await ask(edge.url, '/v1/chat/completions', {
      method: 'OPTIONS',
      headers: { ...page, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    const refused = await ask(edge.url, '/v1/chat/completions', { method: 'POST', headers: page });
    const forwarded = await ask(edge.url, '/v1/analytics/usage', { headers: { ...page, ...bearer } });

    expect(preflight.status).toBe(200);
    expect(preflight.headers['access-control-allow-headers']).toBe('authorization');
    expect(refused.status).toBe(401);
    for (const { headers } of [preflight, refused, forwarded]) expect(headers['access-control-allow-origin']).toBe('*');
    expect(edge.local).toEqual([]);
  });

  it('passes an answer on while it is being written', async () => {
    let finish = (): void => undefined;
    edge.analytics.answer = (_, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      finish = () => res.end('data: 2\n\n');
    };

    const response = await fetch(`${edge.url}/v1/analytics/usage`, { headers: bearer });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();

    expect((await reader.read()).value).toBe('data: 1\n\n');
    finish();
    expect((await reader.read()).value).toBe('data: 2\n\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('says in the words of the route that the service broke off', async () => {
    edge.analytics.answer = (req) => req.destroy();

    const {
      status,
      headers,
      json: body,
    } = await ask(edge.url, '/v1/analytics/usage', {
      method: 'POST',
      headers: { ...bearer, 'x-request-id': 'r-1' },
      body: '{}',
    });

    expect(status).toBe(502);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body()).toMatchObject({ code: 'service.bad_response', request_id: 'r-1' });
  });
});
