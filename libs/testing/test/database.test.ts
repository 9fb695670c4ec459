import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { testDatabase, type TestDatabase } from '../src/index.js';
import { provision } from '../src/provision.js';
import { fromTestServers } from '../src/servers.js';

// Real: PostgreSQL.
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase((ownerUrl) =>
    query(
      ownerUrl,
      `create table notes (tenant_id int, id bigserial, text text);
       alter table notes enable row level security;
       alter table notes force row level security;
       create policy tenant on notes using (tenant_id = current_setting('parley.tenant_id', true)::int)`,
    ).then(() => undefined),
  );
});
afterAll(() => database.drop());

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const results = (await client.query(sql)) as { rows: unknown[] } | { rows: unknown[] }[];
    return [results].flat().flatMap(({ rows }) => rows);
  } finally {
    await client.end();
  }
}

it('lets the system role see the rows of every tenant, and the app role only those of the tenant that is set', async () => {
  await query(database.systemUrl, `insert into notes values (1, default, 'mine'), (2, default, 'theirs')`);

  expect(await query(database.systemUrl, 'select text from notes')).toHaveLength(2);
  expect(await query(database.appUrl, `set parley.tenant_id = 1; select text from notes`)).toEqual([{ text: 'mine' }]);
});

it('lets nobody but the owner change the schema', async () => {
  const create = 'create table mine (id int)';

  await expect(query(database.appUrl, create)).rejects.toThrow('permission denied');
  await expect(query(database.systemUrl, create)).rejects.toThrow('permission denied');
  await expect(query(database.appUrl, 'alter table notes no force row level security')).rejects.toThrow(
    'must be owner',
  );
});

it('lets no role of one database into another', async () => {
  const other = await testDatabase();
  const foreign = new URL(other.appUrl);
  foreign.pathname = `/${database.name}`;

  await expect(query(foreign.href, 'select 1')).rejects.toThrow('permission denied for database');

  await other.drop();
});

it('can be provisioned again, with new passwords, and keeps its tables', async () => {
  await provision(fromTestServers('DATABASE_URL'), {
    database: database.name,
    owner_password: "it's new",
    app_password: 'b',
    system_password: 'c',
  });

  const renewed = new URL(database.ownerUrl);
  renewed.password = "it's new";
  expect(
    await query(renewed.href, 'select count(*)::int from information_schema.tables where table_name = $$notes$$'),
  ).toEqual([{ count: 1 }]);
  await expect(query(database.ownerUrl, 'select 1')).rejects.toThrow('password authentication failed');
});

it('leaves neither database nor roles behind', async () => {
  const gone = await testDatabase();
  await gone.drop();

  const left = `select datname from pg_database where datname = '${gone.name}'
                union all select rolname from pg_roles where rolname like '${gone.name}%'`;
  expect(await query(fromTestServers('DATABASE_URL'), left)).toEqual([]);
});
