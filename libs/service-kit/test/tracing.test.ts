import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  eventually,
  otlpReceiver,
  testAmqp,
  testDatabase,
  testRedis,
  type OtlpReceiver,
  type TestAmqp,
  type TestDatabase,
  type TestRedis,
} from '@parley/testing';
import { runChild } from './child/run-child.js';

// Real: a service in a process of its own with the tracing entry, PostgreSQL, Redis, RabbitMQ. Fake: where traces go.
jest.setTimeout(120_000);

const trace = '0af7651916cd43dd8448eb211c80319c';
const caller = 'b7ad6b7169203331';
const headers = { traceparent: `00-${trace}-${caller}-01` };

/** Keeps the traceparents of each request that it gets. */
async function upstreamServer() {
  const received: string[][] = [];
  const server = createServer(({ rawHeaders }, response) => {
    received.push(rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'traceparent'));
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close: () => server.close() };
}

let otlp: OtlpReceiver;
let upstream: Awaited<ReturnType<typeof upstreamServer>>;
let database: TestDatabase;
let redis: TestRedis;
let amqp: TestAmqp;
beforeAll(async () => {
  [otlp, upstream, database, redis, amqp] = await Promise.all([
    otlpReceiver(),
    upstreamServer(),
    testDatabase(),
    testRedis(),
    testAmqp(),
  ]);
});
afterAll(async () => {
  upstream.close();
  await Promise.all([otlp.close(), database.drop(), redis.close(), amqp.drop()]);
});

const callsPath = () => {
  const urls = { http: upstream.url, postgres: database.appUrl, redis: redis.url, amqp: amqp.url };
  return `/calls?${new URLSearchParams(urls).toString()}`;
};

describe('a service with a trace endpoint', () => {
  it('sends one trace of a request and all that it calls, as a part of the trace of its caller', async () => {
    await using child = runChild(otlp.env);
    const response = await fetch((await child.url()) + callsPath(), { headers });
    expect(response.status).toBe(200);
    const spans = await eventually(() => {
      const own = otlp.spans.filter(({ traceId }) => traceId === trace);
      expect(own.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'GET',
          'pg.connect',
          expect.stringMatching(/^pg\.query/),
          'ping',
          expect.stringMatching(/amq\.topic/),
        ]),
      );
      expect(own.filter(({ name }) => name === 'GET')).toHaveLength(2);
      return own;
    });
    const server = spans.find(({ parentSpanId }) => parentSpanId === caller);
    expect(server).toMatchObject({ name: 'GET', service: 'parley-service-kit' });
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toEqual([]);
  });

  it('gives its callee exactly one traceparent, that of its own call', async () => {
    await using child = runChild(otlp.env);
    const before = upstream.received.length;
    await fetch((await child.url()) + callsPath(), { headers });
    const [traceparents = []] = upstream.received.slice(before);
    expect(traceparents).toHaveLength(1);
    const [, traceId, spanId] = traceparents[0]?.split('-') ?? [];
    expect(traceId).toBe(trace);
    const call = await eventually(() => {
      const span = otlp.spans.find((candidate) => candidate.spanId === spanId);
      return span ?? Promise.reject(new Error('the span of the call has not arrived'));
    });
    expect(call.attributes['url.full']).toContain(upstream.url);
  });

  it('writes the trace into its log lines, and sends what it has before it stops', async () => {
    await using child = runChild({ ...otlp.env, OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const own = { traceparent: `00-${'1'.repeat(32)}-${caller}-01` };
    await fetch(`${await child.url()}/sdk-modules`, { headers: own });
    expect(await child.untilLogged('request')).toMatchObject({ trace_id: '1'.repeat(32) });
    child.signal('SIGTERM');
    await child.exited;
    expect(otlp.spans.filter(({ traceId }) => traceId === '1'.repeat(32))).toHaveLength(1);
  });

  it('traces no probe', async () => {
    await using child = runChild({ ...otlp.env, OTEL_SERVICE_NAME: 'probed' });
    await fetch(`${await child.url()}/health/ready`);
    child.signal('SIGTERM');
    await child.exited;
    expect(otlp.spans.filter(({ service }) => service === 'probed')).toEqual([]);
  });
});

describe('a service without a trace endpoint', () => {
  it('loads nothing of the SDK', async () => {
    await using child = runChild();
    const response = await fetch(`${await child.url()}/sdk-modules`);
    expect(await response.json()).toEqual([]);
  });

  it('carries the trace of its caller on all the same', async () => {
    await using child = runChild();
    const before = upstream.received.length;
    await fetch((await child.url()) + callsPath(), { headers });
    expect(upstream.received.slice(before)).toEqual([[headers.traceparent]]);
    expect(await child.untilLogged('request')).toMatchObject({ trace_id: trace });
  });
});
