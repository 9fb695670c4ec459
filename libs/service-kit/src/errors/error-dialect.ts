import type { IncomingHttpHeaders } from 'node:http';
import { errorCodes, type AppError, type Problem } from '@parley/contracts';

export interface ErrorAnswer {
  readonly contentType: string;
  readonly body: string;
  /** WWW-Authenticate of a 401; `Bearer` where it is left out. */
  readonly challenge?: string;
}

/**
 * How one API writes an error, to whoever sent `headers`. Status, Retry-After and request id are set for every dialect
 * alike.
 */
export type ErrorDialect = (error: AppError, requestId: string, headers: IncomingHttpHeaders) => ErrorAnswer;

/** A dialect for what reaches no controller under `prefix`: another path, another method, a body that is too large. */
export interface ErrorDialectPrefix {
  readonly prefix: `/${string}`;
  readonly dialect: ErrorDialect;
}

/** RFC 9457, the default. */
export const problemDialect = ({ code, text }: AppError, requestId: string): ErrorAnswer => {
  const { status, title } = errorCodes[code];
  const problem: Problem = {
    type: `urn:parley:error:${code}`,
    title,
    status,
    code,
    ...(text.detail !== undefined && { detail: text.detail }),
    request_id: requestId,
    ...(text.fields && { errors: [...text.fields] }),
  };
  return { contentType: 'application/problem+json', body: JSON.stringify(problem) };
};
