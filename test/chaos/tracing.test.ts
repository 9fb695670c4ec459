import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, otlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@parley/testing';
import { startPlatform, type Platform } from '../../tools/stack/platform.ts';

/** A platform of its own, since tracing is switched on by its environment. */
let platform: Platform;
let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await otlpReceiver();
  platform = await startPlatform({ env: receiver.env });
}, 240_000);

afterAll(async () => {
  await platform.stop();
  await receiver.close();
}, 60_000);

const chat = (traceparent: string) =>
  fetch(`${platform.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.apiKey}`, 'content-type': 'application/json', traceparent },
    body: JSON.stringify({ model: 'offline-small', messages: [{ role: 'user', content: 'trace me' }] }),
  });

/** The spans above the first of that name, from its parent up. */
function lineOf(spans: readonly ReceivedSpan[], name: RegExp): string[] {
  const nameOf = (span: ReceivedSpan) => `${span.service} ${span.name}`;
  const line: string[] = [];
  let at = spans.find((span) => name.test(nameOf(span)));
  while (at && line.length < spans.length) {
    const parent = at.parentSpanId;
    at = spans.find(({ spanId }) => spanId === parent);
    if (at) line.push(nameOf(at));
  }
  return line;
}

describe('one chat', () => {
  it('is one trace, from the edge over PostgreSQL, Redis and RabbitMQ to the analytics consumer', async () => {
    const traceId = crypto.randomUUID().replaceAll('-', '');
    const callerSpan = '00f067aa0ba902b7';
    expect((await chat(`00-${traceId}-${callerSpan}-01`)).status).toBe(200);

    await eventually(
      () => {
        const spans = receiver.spans.filter((span) => span.traceId === traceId);
        const seen = spans.map(({ service, name }) => `${service} ${name}`);
        expect(seen).toEqual(
          expect.arrayContaining([
            'parley-gateway POST',
            'parley-gateway evalsha',
            expect.stringMatching(/^parley-gateway pg\.query:gateway_usage_insert/),
            'parley-gateway publish parley.events',
            expect.stringMatching(/^parley-analytics .*process/),
            expect.stringMatching(/^parley-analytics pg\.query/),
          ]),
        );
        // Every span hangs on another of the trace, and the first on the caller's.
        const ids = new Set(spans.map(({ spanId }) => spanId));
        const hung = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''));
        expect(hung).toEqual([expect.objectContaining({ service: 'parley-gateway', parentSpanId: callerSpan })]);
        expect(lineOf(spans, /^parley-analytics pg\.query/)).toContain('parley-gateway publish parley.events');
      },
      { timeoutMs: 15_000 },
    );
  });
});

describe('the metrics of a running service', () => {
  it('have the names that dashboards rely on, with route templates as labels', async () => {
    await chat('00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01');
    await fetch(`${platform.url}/v1/models/no-such-model`, { headers: { authorization: `Bearer ${platform.apiKey}` } });
    const text = await (await fetch(`${platform.service('gateway').url}/metrics`)).text();
    for (const sample of [
      /^api_request_duration_seconds_bucket\{.*method="POST".*endpoint="\/v1\/chat\/completions".*status="200"/m,
      /^api_request_total\{.*endpoint="\/v1\/chat\/completions"/m,
      /^api_errors_total\{.*endpoint="\/v1\/models\/\*".*error_type="model.not_found"/m,
      /^db_query_duration_seconds_count\{.*query_type="\w+"/m,
      /^cache_hit_ratio\{/m,
      /^active_connections\{service="gateway"/m,
      /^breaker_state\{/m,
      /^provider_breaker_state\{/m,
      /^\w*pool\w*in_use\{/m,
      /^\w*pool\w*waiting\{/m,
      /^process_resident_memory_bytes /m,
      /^nodejs_eventloop_lag_p99_seconds /m,
      /^outbox_waiting/m,
    ])
      expect(text).toMatch(sample);
    expect(text).not.toContain(platform.apiKey);
    expect(text).not.toContain('no-such-model');
  });
});
