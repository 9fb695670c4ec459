// Real: PostgreSQL, behind an address that counts round trips.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TestDatabase } from '@parley/testing';
import type { DatabaseRoles } from '../src/database-roles.js';
import type { Transaction } from '../src/transaction.js';
import { notesDatabase, ours } from './notes.js';
import { openRoles } from './open-roles.js';
import { countTurns, type Turns } from './turns.js';

let testDb: TestDatabase;
let turns: Turns;
let roles: DatabaseRoles;

beforeAll(async () => {
  testDb = await notesDatabase();
  turns = await countTurns(testDb.appUrl);
  roles = await openRoles({ ...testDb, appUrl: turns.url }, { DATABASE_POOL_MAX: '1' });
});
afterAll(async () => {
  await roles.close();
  turns.close();
  await testDb.drop();
});

const turnsOf = async (fn: (tx: Transaction) => Promise<unknown>): Promise<number> => {
  await roles.database.inTenant(ours, (tx) => tx.query('select 1'));
  const before = turns.count();
  await roles.database.inTenant(ours, fn);
  return turns.count() - before;
};

it('takes two round trips for a transaction of one statement: begin, scope and statement, then the commit', async () => {
  expect(await turnsOf((tx) => tx.query('select text from notes where id = $1', [ours]))).toBe(2);
});

it('takes one for a statement that is all of its transaction', async () => {
  await roles.database.queryInScope({ tenant_id: ours }, 'select 1');
  const before = turns.count();
  await roles.database.queryInScope({ tenant_id: ours }, 'select text from notes where id = $1', [ours]);
  expect(turns.count() - before).toBe(1);
});

it('takes one for reads that start together, and refuses what starts later', async () => {
  await roles.database.readInTenant(ours, (tx) => tx.query('select 1'));
  const before = turns.count();
  const read = await roles.database.readInTenant(ours, async (tx) => {
    const rows = await Promise.all([tx.query('select 1 as one'), tx.query('select $1::int as two', [2])]);
    const late = await tx.query('select 3').catch((error: unknown) => error);
    return [...rows, late];
  });
  expect(turns.count() - before).toBe(1);
  expect(read).toEqual([[{ one: 1 }], [{ two: 2 }], new Error('The transaction has ended')]);
});

it('takes no more for a commit that is sent behind what it commits, and commits nothing where a part of it fails', async () => {
  const add = 'insert into notes (tenant_id, text) values ($1, $2)';
  const behind = (id: string, text: string) => (tx: Transaction) => {
    const added = Promise.all([tx.query(add, [ours, text]), tx.query('select $1::int', [id])]);
    tx.commitBehind();
    return added;
  };
  expect(await turnsOf(behind('1', 'kept'))).toBe(1);
  await expect(roles.database.inTenant(ours, behind('x', 'lost'))).rejects.toMatchObject({ code: '22P02' });
  expect(await testDb.query('select text from notes')).toEqual([{ text: 'kept' }]);
});

it('takes no more for statements that start together', async () => {
  expect(await turnsOf((tx) => Promise.all([tx.query('select 1'), tx.query('select $1::int', [2])]))).toBe(2);
});

it('takes one more for each statement that waits for the one before', async () => {
  const waiting = async (tx: Transaction) => {
    await tx.query('select 1');
    await tx.query('select 2');
  };
  expect(await turnsOf(waiting)).toBe(3);
});
