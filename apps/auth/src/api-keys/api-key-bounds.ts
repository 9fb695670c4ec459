import { AppError, defaultRequestsPerMinute, type CreateApiKeyRequest, type FieldError } from '@parley/contracts';
import { isWithin } from './address-blocks.js';
import type { StoredApiKey } from './api-key.js';

/** How much, for how long, with what and from where a key may be used; null where nothing bounds it. */
export type ApiKeyBounds = Pick<
  StoredApiKey,
  'requestsPerMinute' | 'tokensPerMinute' | 'concurrentStreams' | 'models' | 'allowedAddresses' | 'expiresAt'
>;

type Wanted = Pick<
  CreateApiKeyRequest,
  'requests_per_minute' | 'tokens_per_minute' | 'concurrent_streams' | 'models' | 'allowed_addresses' | 'expires_at'
>;

/** What a user or service account has to give. */
const unbounded: ApiKeyBounds = {
  requestsPerMinute: Infinity,
  tokensPerMinute: null,
  concurrentStreams: null,
  models: null,
  allowedAddresses: null,
  expiresAt: null,
};

/** In what its owner is not: requests are bounded for everybody. */
export const isBounded = ({ tokensPerMinute, concurrentStreams, models, allowedAddresses, expiresAt }: ApiKeyBounds) =>
  [tokensPerMinute, concurrentStreams, models, allowedAddresses, expiresAt].some((bound) => bound !== null);

/**
 * The bounds of a new key. One that a key makes has its maker's where the request names none.
 * @throws AppError api_key.not_grantable where it names more than the maker has, request.invalid for an expiry in the past.
 */
export function boundsOf(wanted: Wanted, maker: ApiKeyBounds = unbounded, now: number): ApiKeyBounds {
  const bounds = {
    requestsPerMinute: wanted.requests_per_minute ?? Math.min(defaultRequestsPerMinute, maker.requestsPerMinute),
    tokensPerMinute: wanted.tokens_per_minute ?? maker.tokensPerMinute,
    concurrentStreams: wanted.concurrent_streams ?? maker.concurrentStreams,
    models: wanted.models ? [...new Set(wanted.models)] : maker.models,
    allowedAddresses: wanted.allowed_addresses ? [...new Set(wanted.allowed_addresses)] : maker.allowedAddresses,
    expiresAt: wanted.expires_at === undefined ? maker.expiresAt : new Date(wanted.expires_at),
  };
  if (bounds.expiresAt && bounds.expiresAt.getTime() <= now)
    throw new AppError('request.invalid', { fields: [{ path: 'expires_at', message: 'must be in the future' }] });
  demandWithin(bounds, maker);
  return bounds;
}

/** @throws AppError api_key.not_grantable that names every bound which `maker` does not have to give. */
export function demandWithin(bounds: ApiKeyBounds, maker: ApiKeyBounds): void {
  const fields = [
    atMost('requests_per_minute', bounds.requestsPerMinute, maker.requestsPerMinute),
    atMost('tokens_per_minute', bounds.tokensPerMinute, maker.tokensPerMinute),
    atMost('concurrent_streams', bounds.concurrentStreams, maker.concurrentStreams),
    noneBut('models', bounds.models, maker.models, (model, models) => models.includes(model)),
    noneBut('allowed_addresses', bounds.allowedAddresses, maker.allowedAddresses, isWithin),
    atMost('expires_at', bounds.expiresAt, maker.expiresAt),
  ].filter((field) => field !== undefined);
  if (fields.length > 0)
    throw new AppError('api_key.not_grantable', { detail: `A key gives no more than it has`, fields });
}

/** Null is more than any number and later than any time. */
function atMost<T extends number | Date>(path: string, wanted: T | null, most: T | null): FieldError | undefined {
  if (most === null || (wanted !== null && wanted <= most)) return undefined;
  const has = most instanceof Date ? most.toISOString() : String(most);
  return { path, message: `is more than the ${has} of the key that gives it` };
}

function noneBut(
  path: string,
  wanted: readonly string[] | null,
  all: readonly string[] | null,
  isOf: (one: string, all: readonly string[]) => boolean,
): FieldError | undefined {
  if (all === null) return undefined;
  const missing = wanted?.filter((one) => !isOf(one, all));
  if (missing?.length === 0) return undefined;
  return { path, message: `is more than the key that gives it has: ${missing?.join(', ') ?? 'any'}` };
}
