// Real: PostgreSQL.
import { expect, it } from '@jest/globals';
import { Client } from 'pg';
import { expectReversible } from '../src/index.js';

const statements = (sql: string) => async (url: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

it('accepts migrations that take back all that they make', async () => {
  const migrate = statements('create table notes (id int primary key)');
  await expect(expectReversible({ migrate, revert: statements('drop table notes') })).resolves.toBeUndefined();
});

it.each([
  ['a table', 'create table notes (id int)', 'select 1'],
  ['a type', `create type colour as enum ('red'); create table notes (c colour)`, 'drop table notes'],
  ['a function', 'create function f() returns int language sql return 1', 'select 1'],
])('refuses migrations that leave %s', async (_, up, down) => {
  const sut = expectReversible({ migrate: statements(up), revert: statements(down) });
  await expect(sut).rejects.toThrow('the way down leaves something');
});

it('refuses migrations that make another schema the second time', async () => {
  let runs = 0;
  const migrate = (url: string) => statements(`create table notes (id ${runs++ === 0 ? 'int' : 'text'})`)(url);
  const sut = expectReversible({ migrate, revert: statements('drop table notes') });
  await expect(sut).rejects.toThrow('another schema');
});
