/** Why a policy refused a call or gave up on it. */
export type RejectionReason = 'breaker_open' | 'bulkhead_full' | 'timeout';

const sentences: Record<RejectionReason, string> = {
  breaker_open: 'the breaker is open',
  bulkhead_full: 'the bulkhead is full',
  timeout: 'the time is up',
};

/** A policy refused the call or gave up on it; the error of the call itself passes through unchanged. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';

  constructor(
    readonly reason: RejectionReason,
    /** The policy's name, for the log. */
    readonly policy: string,
    /** When another try may succeed, where that is known. */
    readonly retryAfterMs?: number,
  ) {
    super(`${policy}: ${sentences[reason]}`);
  }
}

/** True by name, so that an error from another copy of this package is still known. */
export const isRejected = (error: unknown): error is RejectedError =>
  error instanceof Error && error.name === 'RejectedError' && 'reason' in error;
