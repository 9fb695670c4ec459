import { isAppError, type ErrorCode } from '@parley/contracts';
import { Retry, type Clock, type PolicyListener, type RetryDecision } from '@parley/resilience';
import type { JointBudget } from './joint-budget.js';

/** A provider that asks for a longer pause than this is not tried again: the caller is told when to come back. */
const maxDelayMs = 2_000;
/** May go better the next time. What took its whole time, or had begun to be answered, is not asked again: it may have cost. */
const retryable = new Set<ErrorCode>(['provider.failed', 'provider.overloaded', 'provider.rate_limited']);

function decide(error: unknown): RetryDecision {
  if (!isAppError(error) || !retryable.has(error.code)) return 'stop';
  const { retryAfterMs } = error.text;
  if (retryAfterMs !== undefined) return { afterMs: retryAfterMs };
  return error.code === 'provider.rate_limited' ? 'stop' : 'retry';
}

/** At most three tries at one provider; `name` is the provider’s, for logs and metrics. */
export function newRetry(name: string, budget: JointBudget, listener: PolicyListener, clock: Clock): Retry {
  const retry = new Retry({ name, attempts: 3, baseDelayMs: 100, maxDelayMs, budget, decide, clock });
  retry.on(listener);
  return retry;
}
