import { z } from 'zod';
import { namedProviders } from './providers/named-provider.js';

const ms = (defaultMs: number, maxMs: number) => z.coerce.number().int().min(100).max(maxMs).default(defaultMs);

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** Which providers there are, and how long and how much they may be asked. */
export const providerConfig = {
  /** Any number of providers by name, as JSON; usually by PARLEY_PROVIDERS_FILE (docs/guides/add-a-provider.md). */
  PARLEY_PROVIDERS: json.pipe(namedProviders).optional(),
  /** Anthropic is a provider when a key or another base URL is given. Several keys stand between commas. */
  ANTHROPIC_API_KEY: z.string().min(1).optional(),
  /** Without `/v1`. Default https://api.anthropic.com. */
  ANTHROPIC_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** OpenAI, or a server that speaks its chat completions, likewise. */
  OPENAI_API_KEY: z.string().min(1).optional(),
  /** With `/v1`. Default https://api.openai.com/v1. */
  OPENAI_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** From the request to the first byte of the answer, which without streaming is the whole answer; of a stream as long again to its first event. */
  PROVIDER_FIRST_BYTE_TIMEOUT_MS: ms(300_000, 3_600_000),
  /** Between two chunks of an answer. */
  PROVIDER_IDLE_TIMEOUT_MS: ms(60_000, 3_600_000),
  /** One call with its retries and its whole stream. */
  PROVIDER_DEADLINE_MS: ms(600_000, 3_600_000),
  /** Calls with one credential of a provider at once, each on a connection of its own. */
  PROVIDER_MAX_CONCURRENT: z.coerce.number().int().min(1).max(10_000).default(512),
  /** Calls to one provider at once, with all of its credentials; unset, as many as they take. */
  PROVIDER_MAX_CONCURRENT_IN_ALL: z.coerce.number().int().min(1).max(100_000).optional(),
  /** Calls of one model with one credential at once; unset, as many as the credential takes. */
  PROVIDER_MAX_CONCURRENT_PER_MODEL: z.coerce.number().int().min(1).max(10_000).optional(),
  /** Calls that wait for a place; one more is refused with 503. */
  PROVIDER_MAX_QUEUED: z.coerce.number().int().min(0).max(100_000).default(512),
  /** JSON of prices by model, over those that are shipped; its form is in libs/llm/README.md. */
  PARLEY_PRICES_FILE: z.string().min(1).optional(),
};

/** What every provider is bounded by. */
export interface ProviderLimits {
  readonly connections: number;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}
