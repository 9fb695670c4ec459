import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@parley/service-kit';
import { SealedBox } from './sealed-box.js';
import { SigningKeys } from './signing-keys.js';
import type { SigningKeysRepository, StoredKey } from './signing-keys.repository.js';

/** A table that all instances of a test share. */
function newInstances() {
  const table: StoredKey[] = [];
  const repository = {
    exclusively: <T>(fn: (tx: unknown) => Promise<T>) => fn(undefined),
    list: async () => [...table],
    add: async (_: unknown, key: StoredKey) => void table.unshift(key),
  } as unknown as SigningKeysRepository;
  const start = async (encryptionKey: Buffer): Promise<SigningKeys> => {
    const keys = new SigningKeys(repository, new SealedBox(encryptionKey), systemClock);
    await keys.onModuleInit();
    return keys;
  };
  return { table, start };
}

describe('the signing keys', () => {
  it('are made by the first instance and found by the next', async () => {
    const { table, start } = newInstances();
    const encryptionKey = randomBytes(32);

    const [first, next] = [await start(encryptionKey), await start(encryptionKey)];

    expect(table).toHaveLength(1);
    expect(await next.fetch()).toEqual(await first.fetch());
    expect(next.current.publicJwk).toEqual(first.current.publicJwk);
  });

  it('lie sealed: a stored key does not show its private half', async () => {
    const { table, start } = newInstances();
    await start(randomBytes(32));

    expect(JSON.stringify(table[0]?.publicJwk)).not.toContain('"d"');
    expect(table[0]?.sealedPrivateJwk.includes('"d"')).toBe(false);
  });

  it('stop the start of an instance with another AUTH_ENCRYPTION_KEY, and stay as they are', async () => {
    const { table, start } = newInstances();
    await start(randomBytes(32));
    const before = [...table];

    await expect(start(randomBytes(32))).rejects.toThrow('AUTH_ENCRYPTION_KEY');

    expect(table).toEqual(before);
  });
});
