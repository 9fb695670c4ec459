import { AppError, isAppError, type ErrorCode, type ErrorText } from '@parley/contracts';
import { isRejected, type RejectionReason } from '@parley/resilience';

/** By Node's and undici's codes: the connection did not come about, so the instance never saw the request. */
const neverSentCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);
const timeoutCodes = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** True when no instance can have begun to work on the request. */
export const wasNeverSent = (error: unknown): boolean =>
  neverSentCodes.has(codeOf(error)) || (isRejected(error) && error.reason !== 'timeout');

/** True when the time was up, which it will not be less the next time. */
export const wasTooLate = (error: unknown): boolean =>
  timeoutCodes.has(codeOf(error)) || (isRejected(error) && error.reason === 'timeout');

/** True when the instance is at fault: it did not answer, or said that it failed itself. A provider's failure is not its own. */
export const blames = (error: unknown): boolean => {
  if (isAppError(error)) return error.status >= 500 && error.code.startsWith('service.');
  return !isRejected(error) || error.reason === 'timeout';
};

const rejections = {
  breaker_open: 'service.unavailable',
  bulkhead_full: 'service.overloaded',
  timeout: 'service.timeout',
} as const satisfies Record<RejectionReason, ErrorCode>;

/** What the caller of a service is told about a call that got no answer. */
export function toAppError(error: unknown, service: string): AppError {
  if (isAppError(error)) return error;
  const text: ErrorText = { internal: `${service} could not be called: ${String(error)}`, cause: error };
  if (isRejected(error)) {
    return new AppError(rejections[error.reason], { ...text, retryAfterMs: error.retryAfterMs ?? 1_000 });
  }
  if (wasNeverSent(error)) return new AppError('service.unavailable', { ...text, retryAfterMs: 1_000 });
  if (wasTooLate(error)) return new AppError('service.timeout', text);
  return new AppError('service.bad_response', text);
}
