import { expect, it } from '@jest/globals';
import { dropTraceparent } from './drop-traceparent.js';

it('takes every traceparent off the headers of an outgoing request, and nothing else', () => {
  const headers = ['accept', 'traceparent', 'Traceparent', '00-a', 'x', 'y', 'traceparent', '00-b'];
  dropTraceparent({ headers });
  expect(headers).toEqual(['accept', 'traceparent', 'x', 'y']);
});
