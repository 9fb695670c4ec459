import { AppError, type ErrorCode } from '@parley/contracts';
import { withoutCredentials } from '../without-credentials.js';

const maxRetryAfterMs = 3_600_000;

const codes: Record<string, ErrorCode> = {
  UND_ERR_HEADERS_TIMEOUT: 'provider.timeout',
  UND_ERR_BODY_TIMEOUT: 'provider.timeout',
  UND_ERR_CONNECT_TIMEOUT: 'provider.timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'provider.bad_response',
  UND_ERR_HEADERS_OVERFLOW: 'provider.bad_response',
};

/** The connection was lost. Before an answer nothing is known to have happened, within one it was broken off. */
const losses = new Set(['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'ECONNRESET', 'EPIPE']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function transportCode(code: string, begun: boolean): ErrorCode {
  if (losses.has(code)) return begun ? 'provider.interrupted' : 'provider.failed';
  return codes[code] ?? (code.startsWith('HPE_') ? 'provider.bad_response' : 'provider.failed');
}

/** A call that failed on the way, rather than by the provider’s answer; `begun` once the answer’s headers were read. */
export function transportFailure(error: unknown, provider: string, begun: boolean): AppError {
  const code = codeOf(error);
  return new AppError(transportCode(code, begun), { internal: `${provider}: ${code} ${String(error)}`, cause: error });
}

/** Milliseconds of a Retry-After header, in seconds or as a date (RFC 9110 §10.2.3); at most an hour. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, maxRetryAfterMs) : undefined;
}

const statusCodes: Record<number, ErrorCode> = {
  401: 'provider.unauthorized',
  // Billing is the platform’s affair like its credential, not the caller’s.
  402: 'provider.unauthorized',
  403: 'provider.unauthorized',
  404: 'model.not_found',
  408: 'provider.timeout',
  409: 'provider.conflict',
  413: 'provider.request_too_large',
  422: 'provider.unprocessable',
  429: 'provider.rate_limited',
  503: 'provider.overloaded',
  504: 'provider.timeout',
  529: 'provider.overloaded',
};

/** What the provider has to say is about the caller’s request. */
const ofRequest = new Set<ErrorCode>([
  'provider.rejected',
  'provider.conflict',
  'provider.request_too_large',
  'provider.unprocessable',
]);

export interface ProviderAnswer {
  readonly provider: string;
  readonly status: number;
  /** The provider’s own sentence. */
  readonly message: string | undefined;
  readonly retryAfter?: string | string[] | undefined;
  readonly cause?: unknown;
}

const codeForStatus = (status: number): ErrorCode =>
  statusCodes[status] ??
  (status >= 500 ? 'provider.failed' : status >= 400 ? 'provider.rejected' : 'provider.bad_response');

/**
 * An answer that says no. What is wrong with the request is told to the caller in the provider’s words. All others are
 * about the platform’s account or the provider’s insides: they go to the log, and the caller reads the code’s sentence.
 */
export function statusFailure({ provider, status, message, retryAfter, cause }: ProviderAnswer): AppError {
  const code = codeForStatus(status);
  const waitMs = retryAfterMs(retryAfter);
  return new AppError(code, {
    // What a provider says about our credential may repeat it.
    internal: `${provider} answered ${status}${code === 'provider.unauthorized' ? '' : `: ${message ?? '(no message)'}`}`,
    ...(message !== undefined && ofRequest.has(code) && { detail: withoutCredentials(message) }),
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    cause,
  });
}

/** An answer that is not what the provider’s own documents promise. */
export const badResponse = (provider: string, because: string, cause?: unknown): AppError =>
  new AppError('provider.bad_response', { internal: `${provider}: ${because}`, cause });
