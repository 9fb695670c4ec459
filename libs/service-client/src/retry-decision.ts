import { isAppError, type AppError } from '@parley/contracts';
import { isRejected, type RetryDecision } from '@parley/resilience';
import { wasNeverSent, wasTooLate } from './failure.js';

export interface FailedTry {
  readonly error: unknown;
  /** Doing it twice does no harm. */
  readonly idempotent: boolean;
  /** Another instance is there to try. */
  readonly hasOther: boolean;
}

/**
 * A call is tried again when no instance can have begun it, or when doing it twice does no harm and the instance was
 * lost or said 503. Other answers are answers.
 */
export function decideRetry(failed: FailedTry): RetryDecision {
  const { error, idempotent, hasOther } = failed;
  if (wasTooLate(error)) return 'stop';
  // A breaker or a bulkhead is about one instance.
  if (isRejected(error)) return hasOther ? 'retry' : 'stop';
  if (isAppError(error)) return afterAnswer(error, failed);
  return idempotent || wasNeverSent(error) ? 'retry' : 'stop';
}

function afterAnswer(error: AppError, { idempotent, hasOther }: FailedTry): RetryDecision {
  // An instance that drains says so before it begins anything.
  const mayRepeat = error.code === 'service.draining' || (idempotent && error.status === 503);
  if (!mayRepeat) return 'stop';
  return hasOther ? 'retry' : { afterMs: error.text.retryAfterMs ?? 0 };
}
