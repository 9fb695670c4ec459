import { errorCodes, type AppError, type ErrorCode } from '@parley/contracts';
import { z } from 'zod';

/** Anthropic’s error types by status (platform.claude.com/docs, errors). */
const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** Codes that Anthropic’s clients look for; the rest are ours. */
const codes: Partial<Readonly<Record<ErrorCode, string>>> = { 'thread.unsupported': 'thread_unsupported_request' };

/** The shape of an error of Anthropic’s. */
export const anthropicError = z
  .strictObject({
    type: z.literal('error'),
    error: z.strictObject({
      type: z.string(),
      message: z.string(),
      details: z.strictObject({ error_code: z.string() }),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'AnthropicError' });

/** The body of an error, and the data of an `error` event, as Anthropic’s SDKs read it. */
export function anthropicErrorBody(
  { code, status, text }: AppError,
  requestId: string,
): z.infer<typeof anthropicError> {
  const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  const message = text.detail ?? errorCodes[code].title;
  return {
    type: 'error',
    error: { type, message, details: { error_code: codes[code] ?? code } },
    request_id: requestId,
  };
}

export const anthropicErrors = (error: AppError, requestId: string) => ({
  contentType: 'application/json',
  body: JSON.stringify(anthropicErrorBody(error, requestId)),
});
