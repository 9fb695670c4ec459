import { expect, it } from '@jest/globals';
import { AppError } from '@parley/contracts';
import { RejectedError } from '@parley/resilience';
import { decideRetry } from './retry-decision.js';

const socketError = (code: string) => Object.assign(new Error(code), { code });
const refused = socketError('ECONNREFUSED');
const lost = socketError('UND_ERR_SOCKET');
const late = socketError('UND_ERR_HEADERS_TIMEOUT');
const draining = new AppError('service.draining', { retryAfterMs: 1_000 });
const overloaded = new AppError('service.overloaded', { retryAfterMs: 2_000 });

it.each([
  ['nothing was sent', refused, { idempotent: false, hasOther: true }, 'retry'],
  ['nothing was sent, to the only instance', refused, { idempotent: false, hasOther: false }, 'retry'],
  [
    'the breaker of one of several is open',
    new RejectedError('breaker_open', 'x'),
    { idempotent: false, hasOther: true },
    'retry',
  ],
  [
    'the breaker of the only one is open',
    new RejectedError('breaker_open', 'x'),
    { idempotent: true, hasOther: false },
    'stop',
  ],
  ['an idempotent request was lost', lost, { idempotent: true, hasOther: false }, 'retry'],
  ['another request was lost', lost, { idempotent: false, hasOther: true }, 'stop'],
  ['one of several drains', draining, { idempotent: false, hasOther: true }, 'retry'],
  ['the only one drains', draining, { idempotent: false, hasOther: false }, { afterMs: 1_000 }],
  ['one of several is busy, idempotent', overloaded, { idempotent: true, hasOther: true }, 'retry'],
  ['the only one is busy, idempotent', overloaded, { idempotent: true, hasOther: false }, { afterMs: 2_000 }],
  ['one of several is busy', overloaded, { idempotent: false, hasOther: true }, 'stop'],
  ['the answer is no', new AppError('request.forbidden'), { idempotent: true, hasOther: true }, 'stop'],
  ['the service failed', new AppError('service.internal'), { idempotent: true, hasOther: true }, 'stop'],
  ['the time is up', new RejectedError('timeout', 'x'), { idempotent: true, hasOther: true }, 'stop'],
  ['the instance was silent for too long', late, { idempotent: true, hasOther: true }, 'stop'],
] as const)('when %s', (_when, error, situation, decision) => {
  expect(decideRetry({ error, ...situation })).toEqual(decision);
});
