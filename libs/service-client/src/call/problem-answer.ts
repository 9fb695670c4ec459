import { AppError, errorCodes, type ErrorCode, type FieldError } from '@parley/contracts';
import { z } from 'zod';

/** What we read of a problem+json body; a newer service may say more, or use a code that is not known here. */
const problem = z.object({
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** The gateway's completions answer errors in OpenAI's shape, with our code or, for those its clients look for, its own. */
const openAiError = z
  .object({ error: z.object({ code: z.string(), message: z.string() }) })
  .transform(({ error: { code, message } }): z.infer<typeof problem> => ({ code, detail: message }));

const problemAnswer = z.union([problem, openAiError]);

/** Stands in for a code that is not known here, by status. */
const byStatus: Readonly<Partial<Record<number, ErrorCode>>> = {
  400: 'request.invalid',
  401: 'credential.invalid',
  403: 'request.forbidden',
  404: 'request.not_found',
  429: 'request.rate_limited',
  503: 'service.unavailable',
  504: 'service.timeout',
};

const isKnown = (code: string): code is ErrorCode => code in errorCodes;

export interface FailedAnswer {
  readonly service: string;
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** The error that another service answered, with its code, for our own caller to see; any other answer is a bad response. */
export function readProblem({ service, status, retryAfter, body }: FailedAnswer): AppError {
  const internal = `${service} answered ${status}`;
  const said = problemAnswer.safeParse(parseJson(body)).data;
  if (said === undefined) return new AppError('service.bad_response', { internal: `${internal} without a problem` });
  const code = isKnown(said.code) ? said.code : (byStatus[status] ?? 'service.bad_response');
  return new AppError(code, {
    internal: `${internal} ${said.code}`,
    ...(said.detail !== undefined && { detail: said.detail }),
    ...(said.errors && { fields: said.errors satisfies readonly FieldError[] }),
    ...retryAfterOf(retryAfter),
  });
}

/** Retry-After in seconds (RFC 9110 §10.2.3); our services never send a date. */
function retryAfterOf(header: string | undefined): { readonly retryAfterMs?: number } {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
