import { isAppError, type ErrorCode } from '@parley/contracts';
import { CircuitBreaker, type Clock, type PolicyListener } from '@parley/resilience';

/** The provider’s fault, and so the breaker’s business. A limit that was reached is not, nor a caller that stops waiting. */
const faults = new Set<ErrorCode>([
  'provider.failed',
  'provider.overloaded',
  'provider.timeout',
  'provider.bad_response',
  'provider.interrupted',
]);

const isFailure = (error: unknown): boolean => isAppError(error) && faults.has(error.code);

/** The breaker of a model; `name` is the model’s behind its provider’s and credential’s. */
export function newBreaker(name: string, listener: PolicyListener, clock: Clock): CircuitBreaker {
  const breaker = new CircuitBreaker({ name, isFailure, clock });
  breaker.on(listener);
  return breaker;
}
