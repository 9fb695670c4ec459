import { APIError } from '@anthropic-ai/sdk';
import type { AppError } from '@parley/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { statusFailure } from '../transport/failures.js';

/** Status of each error type, for errors inside a stream that was already answered with 200. */
const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
};

const parse = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The SDK’s error as ours. */
export const fromApiError = (provider: string, error: APIError, status = error.status ?? 502): AppError =>
  statusFailure({
    provider,
    status,
    message: error.apiMessage ?? undefined,
    retryAfter: error.headers?.get('retry-after') ?? undefined,
    cause: error,
  });

/** An answer that was not 200, through the SDK’s error classes. */
export function errorAnswer(provider: string, status: number, headers: IncomingHttpHeaders, text: string): AppError {
  const flat = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
  return fromApiError(provider, APIError.generate(status, parse(text), text.slice(0, 500), new Headers(flat)), status);
}

/** `event: error` in the middle of a stream. */
export function errorEvent(provider: string, data: string): AppError {
  const error = new APIError(undefined, parse(data), data.slice(0, 500), undefined);
  return fromApiError(provider, error, statuses[error.type ?? ''] ?? 500);
}
