import { describe, expect, it } from '@jest/globals';
import type { Identity } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { systemClock } from '@parley/service-kit';
import type { AuthorityRepository } from '../authority/authority.repository.js';
import type { AccessTokens } from '../tokens/access-tokens.js';
import type { StoredApiKey } from './api-key.js';
import type { ApiKeysRepository } from './api-keys.repository.js';
import { KeyGrants } from './key-grants.js';

const tx = {} as Transaction;
const caller = { tenantId: 'acme', subject: 'ada', actors: [], keyId: 'key' } as unknown as Identity;

/** Where the caller's own key is this, or is not there. */
const whereKeyIs = (key: Partial<StoredApiKey> | undefined) =>
  new KeyGrants(
    { hold: async () => key } as unknown as ApiKeysRepository,
    {} as AuthorityRepository,
    {} as AccessTokens,
    systemClock,
  );

describe('who makes or renews a key', () => {
  it('is a key that is good, or nobody but its user', async () => {
    const good = { revokedAt: null, expiresAt: null };
    expect(await whereKeyIs(good).giverOf(tx, caller)).toBe(good);
    const { keyId: _, ...user } = caller;
    expect(await whereKeyIs(undefined).giverOf(tx, user)).toBeUndefined();
  });

  it.each([
    ['revoked', 'credential.revoked', { revokedAt: new Date(0), expiresAt: null }],
    ['expired', 'credential.expired', { revokedAt: null, expiresAt: new Date(0) }],
    ['gone', 'credential.revoked', undefined],
  ])('is no key that is %s, whoever still takes its tokens', async (_, code, key) => {
    await expect(whereKeyIs(key).giverOf(tx, caller)).rejects.toMatchObject({ code });
  });

  it('is nobody who acts for another: the key would outlive the delegation', async () => {
    const delegated = { ...caller, actors: ['agent'] };
    await expect(whereKeyIs(undefined).giverOf(tx, delegated)).rejects.toMatchObject({ code: 'request.forbidden' });
  });
});
