/** Real: PostgreSQL with the migrations. Fake: 20,000 keys of 200 tenants, and as many users, half of them of one tenant. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '@parley/persistence';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { Client } from 'pg';
import { migrations } from '../src/migrations/index.js';

let database: TestDatabase;
let app: Client;

/** The nth tenant. */
const tenant = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

beforeAll(async () => {
  database = await testDatabase();
  await migrate({ url: database.ownerUrl, migrations });
  const system = new Client({ connectionString: database.systemUrl });
  await system.connect();
  const id = `('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid`;
  await system.query(`insert into tenants select ${id}, 'tenant', now() from generate_series(0, 199) n`);
  await system.query(
    `insert into users select ${id}, n || '@acme.example', '', now() from generate_series(0, 19999) n`,
  );
  await system.query(
    `insert into api_keys (id, tenant_id, key_hash, prefix, name, permissions, requests_per_minute, created_by, created_at)
     select gen_random_uuid(), t.id, sha256((t.id || '/' || k)::bytea)::text, 'ply_', 'key', '{}', 100, t.id,
       now() - k * interval '1 minute' from tenants t, generate_series(1, 100) k`,
  );
  await system.query(
    `insert into memberships (tenant_id, user_id, role, created_at)
     select ('00000000-0000-4000-8000-' || lpad((case when n % 2 = 0 then 7 else n % 200 end)::text, 12, '0'))::uuid, ${id},
       'viewer', now() - n * interval '1 minute' from generate_series(0, 19999) n`,
  );
  await system.end();
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
  app = new Client({ connectionString: database.appUrl });
  await app.connect();
}, 60_000);

afterAll(async () => {
  await app.end();
  await database.drop();
});

async function plan(setting: string, value: string, text: string): Promise<string> {
  await app.query('begin');
  await app.query('select set_config($1, $2, true)', [setting, value]);
  const { rows } = await app.query<{ 'QUERY PLAN': string }>(`explain (analyze, timing off, summary off) ${text}`);
  await app.query('rollback');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('under row-level security, with 20,000 keys', () => {
  it('a key is found by its hash through the index', async () => {
    const found = await plan('parley.credential_hash', 'ab', `select * from api_keys where key_hash = 'ab'`);

    expect(found).toContain('Index Scan using api_keys_key_hash_key');
  });

  it('a page of a tenant’s keys is found through the index, and touches no other tenant’s', async () => {
    const page = await plan(
      'parley.tenant_id',
      tenant(7),
      `select * from api_keys where tenant_id = '${tenant(7)}' and (created_at, id) < (now(), '${tenant(0)}')
       order by created_at desc, id desc limit 51`,
    );

    expect(page).toContain('Index Scan on api_keys_by_age');
    expect(page).not.toContain('Seq Scan');
    expect(page).not.toContain('Rows Removed');
  });
});

describe('under row-level security, with 10,000 members', () => {
  it('a page of them is found through the index, and the address of no other user is looked at', async () => {
    const page = await plan(
      'parley.tenant_id',
      tenant(7),
      `select m.user_id, u.email from memberships m join users u on u.id = m.user_id
       where m.tenant_id = '${tenant(7)}' and (m.created_at, m.user_id) < (now(), '${tenant(0)}')
       order by m.created_at desc, m.user_id desc limit 51`,
    );

    expect(page).toContain('using memberships_by_age on memberships m');
    expect(page).toMatch(/using users_pkey on users u .*loops=51/);
    expect(page).not.toContain('Seq Scan');
  });

  it('one is found by address without a look at the others', async () => {
    const found = await plan(
      'parley.tenant_id',
      tenant(7),
      `select from users u join memberships m on m.user_id = u.id
       where m.tenant_id = '${tenant(7)}' and u.email = '8@acme.example'`,
    );

    expect(found).toContain('using users_email_key');
    expect(found).not.toMatch(/Seq Scan|hashed/);
  });

  it('another owner is found through the index', async () => {
    const owners = await plan(
      'parley.tenant_id',
      tenant(7),
      `select from memberships where tenant_id = '${tenant(7)}' and role = 'owner' and user_id <> '${tenant(8)}' limit 1`,
    );

    expect(owners).toContain('using memberships_by_role');
  });
});
