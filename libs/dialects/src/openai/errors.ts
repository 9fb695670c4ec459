import { errorCodes, type AppError, type ErrorCode } from '@parley/contracts';
import { z } from 'zod';

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** Codes that OpenAI’s clients are known to look for; the rest are ours. */
const codes: Partial<Readonly<Record<ErrorCode, string>>> = {
  'credential.invalid': 'invalid_api_key',
  'credential.expired': 'invalid_api_key',
  'credential.revoked': 'invalid_api_key',
  'model.not_found': 'model_not_found',
  'model.unsupported_parameter': 'unsupported_parameter',
  'request.rate_limited': 'rate_limit_exceeded',
  'provider.rate_limited': 'rate_limit_exceeded',
};

/** The shape of an error of OpenAI’s. */
export const openaiError = z
  .strictObject({
    error: z.strictObject({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() }),
  })
  .meta({ id: 'OpenAiError' });

/** The body of an error as OpenAI’s SDKs read it; their class follows from the status. */
export function openaiErrorBody({ code, status, text }: AppError): z.infer<typeof openaiError> {
  return {
    error: {
      message: text.detail ?? errorCodes[code].title,
      type: types[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
      param: text.fields?.[0]?.path ?? null,
      code: codes[code] ?? code,
    },
  };
}

export const openaiErrors = (error: AppError) => ({
  contentType: 'application/json',
  body: JSON.stringify(openaiErrorBody(error)),
});
