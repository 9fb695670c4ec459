import type { AppError } from '@parley/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { statusFailure } from '../transport/failures.js';

interface WireError {
  readonly message?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
}

/** OpenAI nests the error; some compatible servers answer it flat, or as a bare string. */
function messageOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, message } = body as { error?: unknown; message?: unknown };
  if (error !== undefined) return messageOf(error);
  return typeof message === 'string' ? message : undefined;
}

/** What an error says; undefined where its body is not in OpenAI's form, as that of a server which knows no such route. */
export function wordsOf(text: string): string | undefined {
  try {
    return messageOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** An answer that was not 200. */
export const errorAnswer = (provider: string, status: number, headers: IncomingHttpHeaders, text: string): AppError =>
  statusFailure({ provider, status, message: wordsOf(text), retryAfter: headers['retry-after'] });

const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  overloaded_error: 503,
};

/** `{"error": …}` in the middle of a stream that was already answered with 200. */
export function chunkError(provider: string, error: unknown): AppError {
  const { type, code } = (typeof error === 'object' && error ? error : {}) as WireError;
  const status =
    statuses[String(type)] ?? statuses[String(code)] ?? (typeof code === 'number' && code >= 400 ? code : 500);
  return statusFailure({ provider, status, message: messageOf(error), cause: error });
}
