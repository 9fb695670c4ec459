import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { Shutdown, silentLog } from '@parley/service-kit';
import { KeyRotation } from './key-rotation.js';
import { KeySchedule } from './key-schedule.js';
import { SealedBox } from './sealed-box.js';
import { SigningKeys } from './signing-keys.js';
import type { SigningKeysRepository, StoredKey } from './signing-keys.repository.js';

const minute = 60_000;
const [rotationMs, leadMs, overlapMs] = [10 * minute, minute, 2 * minute];

/** A table that all instances of a test share. */
function newInstances() {
  const clock = new ManualClock();
  const table: StoredKey[] = [];
  const keysOf = (keys: readonly StoredKey[]) => keys.map(({ publicJwk }) => publicJwk.kid);
  const replace = (keys: StoredKey[]) => void table.splice(0, table.length, ...keys);
  const repository = {
    read: async () => [...table],
    exclusively: <T>(fn: (tx: unknown) => Promise<T>) => fn(undefined),
    list: async () => [...table],
    add: async (_: unknown, key: StoredKey) => void table.unshift(key),
    retire: async (_: unknown, keys: readonly StoredKey[], at: Date) =>
      replace(table.map((key) => (keysOf(keys).includes(key.publicJwk.kid) ? { ...key, retiresAt: at } : key))),
    deleteRetired: async (_: unknown, now: Date) =>
      replace(table.filter(({ retiresAt }) => retiresAt === null || retiresAt > now)),
  } as unknown as SigningKeysRepository;
  const schedule = new KeySchedule(rotationMs, leadMs, overlapMs);
  const start = async (encryptionKey = Buffer.alloc(32)) => {
    const box = new SealedBox(encryptionKey);
    const rotation = new KeyRotation(repository, box, schedule, clock);
    const keys = new SigningKeys(rotation, box, clock, silentLog, new Shutdown(clock, silentLog));
    await keys.onModuleInit();
    const published = async () => (await keys.fetch()).keys.map(({ kid }) => kid);
    return { keys, rotation, published, signsWith: () => keys.current.publicJwk.kid };
  };
  return { table, start, pass: (ms: number) => clock.advance(ms) };
}

describe('the signing keys', () => {
  it('are made by the first instance and found by the next', async () => {
    const { table, start } = newInstances();

    const [first, next] = [await start(), await start()];

    expect(table).toHaveLength(1);
    expect(await next.keys.fetch()).toEqual(await first.keys.fetch());
    expect(next.signsWith()).toEqual(first.signsWith());
  });

  it('lie sealed: a stored key does not show its private half', async () => {
    const { table, start } = newInstances();
    await start();

    expect(JSON.stringify(table[0]?.publicJwk)).not.toContain('"d"');
    expect(table[0]?.sealedPrivateJwk.includes('"d"')).toBe(false);
  });

  it('stop the start of an instance with another AUTH_ENCRYPTION_KEY, and stay as they are', async () => {
    const { table, start } = newInstances();
    await start();
    const before = [...table];

    await expect(start(randomBytes(32))).rejects.toThrow('AUTH_ENCRYPTION_KEY');

    expect(table).toEqual(before);
  });
});

describe('rotation', () => {
  it('by schedule publishes a key before it signs, and the one before until its last token has expired', async () => {
    const { start, pass } = newInstances();
    const { published, signsWith } = await start();
    const old = signsWith();

    await pass(rotationMs - leadMs);
    const [next = ''] = (await published()).filter((kid) => kid !== old);
    expect([signsWith(), await published()]).toEqual([old, [next, old]]);

    await pass(leadMs - 1);
    expect(signsWith()).toBe(old);
    await pass(1);
    expect([signsWith(), await published()]).toEqual([next, [next, old]]);

    await pass(overlapMs);
    expect([signsWith(), await published()]).toEqual([next, [next]]);
  });

  it('is noticed by every instance, and makes one key however many there are', async () => {
    const { table, start, pass } = newInstances();
    const instances = [await start(), await start(), await start()];
    const old = instances[0]?.signsWith();

    await pass(rotationMs - leadMs);
    await pass(minute);
    expect(table).toHaveLength(2);
    await pass(leadMs);

    const signing = new Set(instances.map(({ signsWith }) => signsWith()));
    expect([signing.size, signing.has(String(old))]).toEqual([1, false]);
  });

  it('by command twice makes one key', async () => {
    const { table, start } = newInstances();
    const { rotation } = await start();

    expect(await rotation.rotate()).toEqual(await rotation.rotate());
    expect(table).toHaveLength(2);
  });

  it('of a key that has leaked signs with a new one at once, and publishes no other', async () => {
    const { start, pass } = newInstances();
    const [here, elsewhere] = [await start(), await start()];
    await here.rotation.rotate();

    const { publicJwk } = await here.rotation.replaceNow();
    await pass(minute);

    for (const { signsWith, published } of [here, elsewhere])
      expect([signsWith(), await published()]).toEqual([publicJwk.kid, [publicJwk.kid]]);
  });
});
