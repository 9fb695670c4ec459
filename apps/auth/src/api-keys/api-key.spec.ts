import { describe, expect, it } from '@jest/globals';
import { mintApiKey } from '@parley/identity';
import { judge, ownerOf, prefixOf, toApiKey, tokenLifetimeS, type StoredApiKey } from './api-key.js';

const now = new Date('2026-01-01T12:00:00Z');
const inSeconds = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000);
const key: StoredApiKey = {
  id: '0190f6a0-0000-7000-8000-000000000001',
  tenantId: '0190f6a0-0000-7000-8000-000000000002',
  name: 'CI',
  prefix: 'ply_0123abcd',
  serviceAccountId: null,
  parentKeyId: null,
  role: null,
  permissions: ['models:read'],
  requestsPerMinute: 100,
  tokensPerMinute: 5_000,
  concurrentStreams: 2,
  models: ['offline-small'],
  allowedAddresses: ['192.0.2.0/24'],
  createdBy: '0190f6a0-0000-7000-8000-000000000003',
  createdAt: now,
  lastUsedAt: now,
  expiresAt: null,
  revokedAt: null,
  previousKeyExpiresAt: null,
};

describe('an API key', () => {
  it('is good without an expiry, and until its expiry', () => {
    expect(judge(key, now)).toBe('good');
    expect(judge({ ...key, expiresAt: inSeconds(1) }, now)).toBe('good');
  });

  it('is expired from the moment of its expiry', () => {
    expect(judge({ ...key, expiresAt: now }, now)).toBe('expired');
  });

  it('is revoked, whether it has expired since or not', () => {
    expect(judge({ ...key, revokedAt: now }, now)).toBe('revoked');
    expect(judge({ ...key, revokedAt: now, expiresAt: now }, now)).toBe('revoked');
  });

  it('gives tokens that live as long as configured, and never longer than itself', () => {
    expect(tokenLifetimeS(key, now, 60)).toBe(60);
    expect(tokenLifetimeS({ expiresAt: inSeconds(3_600) }, now, 60)).toBe(60);
    expect(tokenLifetimeS({ expiresAt: inSeconds(10.9) }, now, 60)).toBe(10);
  });

  it('is its maker’s, or the service account’s that it was made for', () => {
    expect(ownerOf(key)).toEqual({ tenantId: key.tenantId, type: 'user', id: key.createdBy });
    const serviceAccountId = '0190f6a0-0000-7000-8000-000000000004';
    expect(ownerOf({ ...key, serviceAccountId })).toMatchObject({ type: 'service_account', id: serviceAccountId });
  });

  it('is shown without the tenant, the creator or anything of its secret but the prefix', () => {
    expect(toApiKey({ ...key, revokedAt: now })).toEqual({
      id: key.id,
      name: 'CI',
      prefix: 'ply_0123abcd',
      owner: { type: 'user', id: key.createdBy },
      role: null,
      tokens_per_minute: 5_000,
      concurrent_streams: 2,
      models: ['offline-small'],
      allowed_addresses: ['192.0.2.0/24'],
      last_used_at: '2026-01-01T12:00:00.000Z',
      previous_key_expires_at: null,
      permissions: ['models:read'],
      requests_per_minute: 100,
      created_at: '2026-01-01T12:00:00.000Z',
      expires_at: null,
      revoked_at: '2026-01-01T12:00:00.000Z',
    });
    expect(prefixOf(mintApiKey())).toMatch(/^ply_[0-9A-Za-z]{8}$/);
  });
});
