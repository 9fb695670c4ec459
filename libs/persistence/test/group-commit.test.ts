// Real: PostgreSQL, a table of notes written by one statement per batch.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { eventually, severable, type Severable, type TestDatabase } from '@parley/testing';
import type { DatabaseRoles } from '../src/database-roles.js';
import { GroupCommit } from '../src/group-commit.js';
import { notesDatabase, ours } from './notes.js';
import { openRoles } from './open-roles.js';

let testDb: TestDatabase;
let system: Severable;
let roles: DatabaseRoles;
let statements = 0;

beforeAll(async () => {
  testDb = await notesDatabase();
  system = await severable(testDb.systemUrl);
  roles = await openRoles({ appUrl: testDb.appUrl, systemUrl: system.url });
});
afterAll(async () => {
  await roles.close();
  await system.close();
  await testDb.drop();
});
beforeEach(async () => {
  await roles.system.query('delete from notes');
  statements = 0;
});

const insert = {
  name: 'insert_notes',
  text: 'insert into notes (tenant_id, text) select $1, text from unnest($2::text[]) as text',
};
const newGroupCommit = () =>
  new GroupCommit<string>({
    flush: async (texts) => {
      statements += 1;
      await roles.system.query(insert, [ours, texts]);
    },
  });
const stored = async () => {
  const rows = await roles.system.query<{ text: string }>('select text from notes');
  return new Set(rows.map(({ text }) => text));
};

it('writes many rows in few statements, each row once', async () => {
  const sut = newGroupCommit();
  const rows = Array.from({ length: 2_000 }, (_, index) => `row ${index}`);

  await Promise.all(rows.map((row) => sut.write(row)));

  expect(await stored()).toEqual(new Set(rows));
  expect(statements).toBeLessThanOrEqual(5);
});

it('keeps the neighbours of rows that the database refuses', async () => {
  const sut = newGroupCommit();
  const rows = Array.from({ length: 100 }, (_, index) => `row ${index}`);

  // A text with a NUL character is a data error; a repeated text violates the unique constraint.
  const results = await Promise.allSettled([...rows, 'nul \u0000', 'row 7'].map((row) => sut.write(row)));

  const failed = results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
  expect(failed).toHaveLength(2);
  expect(failed).toContain(rows.length);
  expect(failed.includes(7) || failed.includes(rows.length + 1)).toBe(true);
  expect(await stored()).toEqual(new Set(rows));
});

it('says service.unavailable for what was under way when the connection died, and writes the next at once', async () => {
  const sut = newGroupCommit();
  await sut.write('before');
  const underWay = sut.write('under way');
  await system.cut();
  await expect(underWay).rejects.toMatchObject({ code: 'service.unavailable' });
  expect(sut.available).toBe(false);

  await system.restore();
  await eventually(() => expect(sut.available).toBe(true));
  await sut.write('after');

  const rows = await stored();
  rows.delete('under way');
  expect(rows).toEqual(new Set(['before', 'after']));
});
