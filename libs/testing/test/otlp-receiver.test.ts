import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { otlpReceiver, type OtlpReceiver } from '../src/index.js';

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await otlpReceiver();
});
afterEach(() => receiver.close());

it('answers the spans that services have sent, each with its service, parent and attributes', async () => {
  const attributes = [{ key: 'http.route', value: { stringValue: '/v1/messages' } }];
  const spans = [
    { name: 'POST', traceId: 'aa', spanId: '01', attributes },
    { name: 'publish', traceId: 'aa', spanId: '02', parentSpanId: '01' },
  ];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'gateway' } }] };

  await fetch(`${receiver.env['OTEL_EXPORTER_OTLP_ENDPOINT']}/v1/traces`, {
    method: 'POST',
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });

  expect(receiver.spans).toEqual([
    {
      service: 'gateway',
      name: 'POST',
      traceId: 'aa',
      spanId: '01',
      parentSpanId: undefined,
      attributes: { 'http.route': '/v1/messages' },
    },
    { service: 'gateway', name: 'publish', traceId: 'aa', spanId: '02', parentSpanId: '01', attributes: {} },
  ]);
});
