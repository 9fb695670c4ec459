import { describe, expect, it } from '@jest/globals';
import type { Identity } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import type { AuthorityRepository } from '../authority/authority.repository.js';
import type { AccessTokens } from '../tokens/access-tokens.js';
import type { ApiKeysRepository } from './api-keys.repository.js';
import type { CallersKey, CallersKeys } from './callers-keys.js';
import { KeyGrants } from './key-grants.js';

const tx = {} as Transaction;
const caller = { tenantId: 'acme', subject: 'ada', actors: [], keyId: 'key' } as unknown as Identity;

/** Those of a caller whose own key is this, or who comes without one. */
const grantsOf = (key: CallersKey | undefined) =>
  new KeyGrants(
    {} as ApiKeysRepository,
    { hold: async () => key } as unknown as CallersKeys,
    {} as AuthorityRepository,
    {} as AccessTokens,
  );

describe('who makes or renews a key', () => {
  it('is the key that the caller is, or nobody but its user', async () => {
    const key = { id: 'key' } as CallersKey;
    expect(await grantsOf(key).giverOf(tx, caller)).toBe(key);
    expect(await grantsOf(undefined).giverOf(tx, caller)).toBeUndefined();
  });

  it('is nobody who acts for another: the key would outlive the delegation', async () => {
    const delegated = { ...caller, actors: ['agent'] };
    await expect(grantsOf(undefined).giverOf(tx, delegated)).rejects.toMatchObject({ code: 'request.forbidden' });
  });
});
