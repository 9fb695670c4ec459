import { Anthropic, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { AppError } from '@parley/contracts';
import { badResponse, transportFailure } from '../transport/failures.js';
import { fromApiError } from './errors.js';

export interface ClientOptions {
  readonly provider: string;
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** The official client, for the routes whose calls are few enough that its cost does not matter (ADR 0011). */
export const officialClient = ({ baseUrl, apiKey }: ClientOptions, timeoutMs: number): Anthropic =>
  // A redirect would have the request, and with some the credential, sent to whomever it names: it is an answer like any other.
  // A null token keeps the client from looking for one in the environment. Trying again is the callers' policy.
  new Anthropic({
    apiKey,
    authToken: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
    fetchOptions: { redirect: 'manual' },
  });

/** What a call by the official client failed with, as ours; the reason of the signal where that ended it. */
export function fromClientError(provider: string, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof APIConnectionTimeoutError)
    return new AppError('provider.timeout', { internal: `${provider}: ${error.message}`, cause: error });
  if (!(error instanceof APIError)) return badResponse(provider, 'an unreadable answer', error);
  if (error.status !== undefined) return fromApiError(provider, error as APIError);
  return transportFailure(error.cause ?? error, provider, false);
}
