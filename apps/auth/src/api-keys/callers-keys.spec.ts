import { describe, expect, it } from '@jest/globals';
import type { Transaction } from '@parley/persistence';
import { systemClock } from '@parley/service-kit';
import { CallersKeys, type CallersKey } from './callers-keys.js';

const caller = { tenantId: 'acme', keyId: 'key' };
const good = { id: 'key', revokedAt: null, expiresAt: null } as CallersKey;

/** Where the table has this key of the caller's, or none. */
const where = (...rows: CallersKey[]) => ({ query: async () => rows }) as unknown as Transaction;
const sut = new CallersKeys(systemClock);

describe.each(['find', 'hold'] as const)('the key of a caller, to %s it,', (read) => {
  it('is there while it is good, and is none for one who comes without a key', async () => {
    expect(await sut[read](where(good), caller)).toBe(good);
    expect(await sut[read](where(), { tenantId: 'acme' })).toBeUndefined();
  });

  it.each([
    ['revoked', 'credential.revoked', [{ ...good, revokedAt: new Date(0) }]],
    ['expired', 'credential.expired', [{ ...good, expiresAt: new Date(0) }]],
    ['gone', 'credential.revoked', []],
  ])('is refused when it is %s, whoever still takes its tokens', async (_, code, rows) => {
    await expect(sut[read](where(...rows), caller)).rejects.toMatchObject({ code });
  });
});
