import { AppError, defaultRequestsPerMinute, type CreateApiKeyRequest } from '@parley/contracts';
import type { StoredApiKey } from './api-key.js';

export type ApiKeyBounds = Pick<StoredApiKey, 'requestsPerMinute' | 'expiresAt'>;

/**
 * How much and how long a new key may be used. A key that makes it gives no more than it has, and all that it has where
 * the request names less than that.
 * @throws AppError api_key.not_grantable, request.invalid for an expiry that has passed.
 */
export function boundsOf(
  { requests_per_minute, expires_at }: Pick<CreateApiKeyRequest, 'requests_per_minute' | 'expires_at'>,
  maker: ApiKeyBounds | undefined,
  now: number,
): ApiKeyBounds {
  return {
    expiresAt: expiryOf(expires_at, maker?.expiresAt ?? null, now),
    requestsPerMinute: limitOf(requests_per_minute, maker?.requestsPerMinute ?? Infinity),
  };
}

function expiryOf(wanted: string | undefined, latest: Date | null, now: number): Date | null {
  if (wanted === undefined) return latest;
  const expiresAt = new Date(wanted);
  if (expiresAt.getTime() <= now) throw invalid('expires_at', 'must be in the future');
  if (latest && expiresAt > latest) throw notGrantable('expires_at', 'expires sooner');
  return expiresAt;
}

function limitOf(wanted: number | undefined, most: number): number {
  if (wanted !== undefined && wanted > most) throw notGrantable('requests_per_minute', `has ${most} a minute`);
  return wanted ?? Math.min(defaultRequestsPerMinute, most);
}

const invalid = (path: string, message: string): AppError =>
  new AppError('request.invalid', { fields: [{ path, message }] });

const notGrantable = (path: string, because: string): AppError =>
  new AppError('api_key.not_grantable', {
    detail: `The key that makes it ${because}`,
    fields: [{ path, message: `the key that makes it ${because}` }],
  });
