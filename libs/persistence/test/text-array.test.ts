// Real: PostgreSQL, which reads the parameter.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TestDatabase } from '@parley/testing';
import type { DatabaseRoles } from '../src/database-roles.js';
import { textArray } from '../src/text-array.js';
import { notesDatabase } from './notes.js';
import { openRoles } from './open-roles.js';

let testDb: TestDatabase;
let roles: DatabaseRoles;

beforeAll(async () => {
  testDb = await notesDatabase();
  roles = await openRoles({ appUrl: testDb.appUrl, systemUrl: testDb.systemUrl });
});
afterAll(async () => {
  await roles.close();
  await testDb.drop();
});

it.each([
  { of: 'nothing', texts: [] },
  { of: 'an empty text', texts: [''] },
  { of: 'what the text format would escape', texts: ['{"a":"b\\\\\\"c"}', 'NULL', 'a, b', '{}', '\n'] },
  { of: 'characters of two, three and four bytes', texts: ['é', '漢', '😀', 'x'] },
])('arrives as it was sent: $of', async ({ texts }) => {
  const rows = await roles.system.query<{ text: string }>('select text from unnest($1::text[]) as text', [
    textArray(texts),
  ]);
  expect(rows.map(({ text }) => text)).toEqual(texts);
});
