import { describe, expect, it } from '@jest/globals';
import { preparedThings } from '../../test/things/service.js';

const trace = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${trace}-b7ad6b7169203331-01`;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('a request', () => {
  it('keeps the id that its caller gave it, and says it again', async () => {
    await using things = await preparedThings();
    const response = await things.fastify.inject({ url: '/things/context', headers: { 'x-request-id': 'abc-1' } });
    expect(response.headers['x-request-id']).toBe('abc-1');
    expect(response.json()).toMatchObject({ request_id: 'abc-1' });
  });

  it.each(['', 'a b', 'a\tb', 'é', 'x'.repeat(129)])('is given an id where its own is not sane: %j', async (id) => {
    await using things = await preparedThings();
    const response = await things.fastify.inject({ url: '/things/context', headers: { 'x-request-id': id } });
    expect(response.headers['x-request-id']).toMatch(uuid);
  });

  it('carries its trace on', async () => {
    await using things = await preparedThings();
    const response = await things.fastify.inject({ url: '/things/context', headers: { traceparent } });
    expect(response.json()).toMatchObject({ traceparent });
  });

  it.each([undefined, 'garbage', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])(
    'begins a trace where it brought none: %j',
    async (given) => {
      await using things = await preparedThings();
      const headers = given === undefined ? {} : { traceparent: given };
      const response = await things.fastify.inject({ url: '/things/context', headers });
      expect(response.json<{ traceparent: string }>().traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(response.body).not.toContain('0'.repeat(32));
    },
  );

  it('knows how long its caller will wait', async () => {
    await using things = await preparedThings();
    const headers = { 'x-parley-deadline-ms': '30000' };
    const { remaining_ms } = (await things.fastify.inject({ url: '/things/context', headers })).json<{
      remaining_ms: number;
    }>();
    expect(remaining_ms).toBeGreaterThan(0);
    expect(remaining_ms).toBeLessThanOrEqual(30_000);
  });
});

describe('the log', () => {
  it('has one line for each request, with its ids, template and outcome', async () => {
    await using things = await preparedThings();
    const headers = { 'x-request-id': 'abc-1', traceparent };
    await things.fastify.inject({ url: '/things/context?secret=1', headers });
    await things.fastify.inject({ url: '/things/not-a-uuid' });
    expect(things.requestLines()).toEqual([
      expect.objectContaining({
        level: 'info',
        service: 'things',
        request_id: 'abc-1',
        trace_id: trace,
        tenant_id: 'tenant-1',
        method: 'GET',
        endpoint: '/things/context',
        status: 200,
        duration_ms: expect.any(Number),
      }),
      expect.objectContaining({ endpoint: '/things/:id', status: 400, error: 'request.invalid' }),
    ]);
    expect(JSON.stringify(things.lines)).not.toContain('secret=1');
  });

  it('adds the ids of the request to what is written during it, and keeps secrets out', async () => {
    await using things = await preparedThings();
    await things.fastify.inject({ url: '/things/context', headers: { 'x-request-id': 'abc-1', traceparent } });
    expect(things.lines.filter(({ msg }) => msg === 'looked')).toEqual([
      expect.objectContaining({ request_id: 'abc-1', trace_id: trace, token: '[redacted]' }),
    ]);
  });

  it('has the stack of what nobody foresaw, and the internal text of what somebody did', async () => {
    await using things = await preparedThings();
    await things.fastify.inject({ url: '/things/failures/unforeseen' });
    await things.fastify.inject({ url: '/things/failures/unavailable' });
    expect(things.requestLines()).toEqual([
      expect.objectContaining({ level: 'error', err: expect.objectContaining({ stack: expect.any(String) }) }),
      expect.objectContaining({ level: 'warn', error: 'service.unavailable', because: 'db-1 is down' }),
    ]);
  });

  it('is quiet about probes, and about all requests where its level is higher', async () => {
    await using things = await preparedThings();
    await things.fastify.inject('/health/ready');
    await using quiet = await preparedThings({ LOG_LEVEL: 'warn' });
    await quiet.fastify.inject('/things');
    expect([...things.requestLines(), ...quiet.requestLines()]).toEqual([]);
  });
});

describe('the metrics', () => {
  it('count requests and errors by route template, and what met no route as unmatched', async () => {
    await using things = await preparedThings();
    for (const url of ['/things', '/things/1', '/things/2', '/no/1', '/no/2']) await things.fastify.inject(url);
    const { body, headers } = await things.fastify.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'api_request_total{method="GET",endpoint="/things",status="200"} 1',
      'api_request_total{method="GET",endpoint="/things/:id",status="400"} 2',
      'api_request_total{method="GET",endpoint="unmatched",status="404"} 2',
      'api_errors_total{method="GET",endpoint="/things/:id",error_type="request.invalid"} 2',
      'api_errors_total{method="GET",endpoint="unmatched",error_type="request.not_found"} 2',
      'api_request_duration_seconds_count{method="GET",endpoint="/things",status="200"} 1',
      'active_connections{service="things"} 0',
    ])
      expect(body.split('\n')).toContain(line);
  });
});

describe('the probes', () => {
  it('say that a service which does not listen yet lives and is not ready', async () => {
    await using things = await preparedThings({ SERVICE_VERSION: '1.2.3' });
    expect((await things.fastify.inject('/health/live')).statusCode).toBe(200);
    const ready = await things.fastify.inject('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({ status: 'down', service: 'things', version: '1.2.3', parts: {} });
  });
});
