import { HttpException } from '@nestjs/common';
import { AppError, isAppError, type ErrorCode, type ErrorText } from '@parley/contracts';
import { isRejected, type RejectedError } from '@parley/resilience';

/** Any error as one that a caller may see. What nobody foresaw is `service.internal`, with the error as its cause. */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (isRejected(error)) return rejection(error);
  const source = error instanceof HttpException && error.cause instanceof Error ? error.cause : error;
  return frameworkError(source) ?? new AppError('service.internal', { cause: error });
}

const rejection = (error: RejectedError): AppError =>
  new AppError(error.reason === 'timeout' ? 'service.timeout' : 'service.overloaded', {
    internal: error.message,
    cause: error,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  });

/** Fastify's own refusals, by its codes. */
const byCode: Readonly<Record<string, readonly [ErrorCode, string?]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['request.too_large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['request.unsupported_media_type', 'Bodies are application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['request.malformed', 'The body is not as long as its Content-Length says'],
  FST_ERR_BAD_URL: ['request.invalid', 'The URL is not valid'],
  FST_ERR_MAX_PARAM_LENGTH: ['request.invalid', 'A part of the path is too long'],
};

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'request.unauthenticated',
  403: 'request.forbidden',
  404: 'request.not_found',
  405: 'request.method_not_allowed',
  408: 'request.timeout',
  413: 'request.too_large',
  415: 'request.unsupported_media_type',
  429: 'request.rate_limited',
};

/** What Fastify or Nest found wrong with a request; undefined for what is not the caller's fault. */
function frameworkError(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const known = 'code' in error ? byCode[String(error.code)] : undefined;
  if (known) return appError(known[0], { cause: error, detail: known[1] });
  const status = statusOf(error);
  if (status < 400 || status > 499) return undefined;
  return new AppError(byStatus[status] ?? 'request.invalid', { cause: error });
}

const appError = (code: ErrorCode, { detail, ...text }: Omit<ErrorText, 'detail'> & { detail: string | undefined }) =>
  new AppError(code, { ...text, ...(detail !== undefined && { detail }) });

function statusOf(error: Error): number {
  if (error instanceof HttpException) return error.getStatus();
  // Any error may carry a status, for example that of a call which the service made itself: only Fastify's count.
  return error.name === 'FastifyError' && 'statusCode' in error ? Number(error.statusCode) : 0;
}
