import { describe, expect, it } from '@jest/globals';
import { silentLog } from '../log/create-log.js';
import { runInRequest } from './request-context.js';
import { traceHeaders } from './trace-headers.js';
import { isTraceparent } from './traceparent.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('an outgoing call', () => {
  it('carries on the trace of the request at hand', () => {
    const request = { requestId: 'r-1', traceparent, log: silentLog };
    expect(runInRequest(request, traceHeaders)).toEqual({ traceparent });
  });

  it('begins a trace of its own outside of any request', () => {
    const [first, second] = [traceHeaders(), traceHeaders()];
    expect(isTraceparent(first.traceparent)).toBe(true);
    expect(second.traceparent).not.toBe(first.traceparent);
  });
});

it.each([
  [traceparent, true],
  [traceparent.toUpperCase(), false],
  [`01${traceparent.slice(2)}`, false],
  [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, false],
  [`00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`, false],
  [[traceparent], false],
  [undefined, false],
])('tells a traceparent from what is none: %j', (value, valid) => {
  expect(isTraceparent(value)).toBe(valid);
});
