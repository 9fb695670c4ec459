import { isAppError, type ErrorCode } from '@parley/contracts';
import { CircuitBreaker, type Clock, type PolicyListener } from '@parley/resilience';
import { CutShort } from './cut-short.js';

/** The provider’s fault, and so the breaker’s business. A limit that was reached is not, nor a caller that stops waiting, nor a share of the time that was too short. */
const faults = new Set<ErrorCode>([
  'provider.failed',
  'provider.overloaded',
  'provider.timeout',
  'provider.bad_response',
  'provider.interrupted',
]);

const isFailure = (error: unknown): boolean =>
  isAppError(error) && faults.has(error.code) && !(error instanceof CutShort);

/** The breaker of a model; `name` is the model’s behind its provider’s and credential’s. */
export function newBreaker(name: string, listener: PolicyListener, clock: Clock): CircuitBreaker {
  const breaker = new CircuitBreaker({ name, isFailure, clock });
  breaker.on(listener);
  return breaker;
}
