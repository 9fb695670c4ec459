import { Client } from 'pg';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { migrate } from '@parley/persistence';
import { migrations } from '../../src/migrations/index.js';

const uuid = (n: string): string => `('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

/** The nth tenant, user, service account, key, login or invitation. */
export const nth = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** That half of everything belongs to, the rest to 199 others: its even users. Nine tenths of what it has is of one role. */
export const large = nth(7);
const tenantOf = uuid('case when n % 2 = 0 then 7 else n % 200 end');
const role = `case when n % 20 = 0 then 'few' else 'most' end`;
const age = `now() - n * interval '1 minute'`;
const each = (last: number): string => `from generate_series(0, ${String(last - 1)}) n`;

const statements = [
  `insert into tenants select ${uuid('n')}, 'tenant', now() ${each(200)}`,
  `insert into users select ${uuid('n')}, n || '@acme.example', '', now() ${each(20_000)}`,
  `insert into roles (tenant_id, name, permissions, created_at)
   select t.id, 'role-' || n, '{}', now() from tenants t, generate_series(1, 100) n`,
  `insert into memberships (tenant_id, user_id, role, created_at)
   select ${tenantOf}, ${uuid('n')}, ${role}, ${age} ${each(20_000)}`,
  `insert into service_accounts (id, tenant_id, name, role, permissions, secret_hash, created_by, created_at)
   select ${uuid('n')}, ${tenantOf}, 'robot', ${role}, '{}', '', ${uuid('n')}, ${age} ${each(20_000)}`,
  `insert into api_keys (id, tenant_id, key_hash, previous_key_hash, previous_key_expires_at, prefix, name, permissions,
     role, service_account_id, requests_per_minute, created_by, created_at, revoked_at)
   select ${uuid('n')}, ${tenantOf}, 'hash-' || n, case when n % 4 = 0 then 'previous-' || n end,
     case when n % 4 = 0 then now() end, 'ply_', 'key', '{}', ${role},
     case when n % 8 = 0 then ${uuid('n')} end, 100, ${uuid('n')}, ${age}, case when n % 3 = 0 then now() end
   ${each(20_000)}`,
  `insert into invitations (id, tenant_id, email, role, token_hash, created_by, created_at, expires_at, accepted_at)
   select ${uuid('n')}, ${tenantOf}, n || '@acme.example', ${role}, 'hash-' || n, ${uuid('n')}, ${age}, now(),
     case when n % 10 <> 0 then now() end ${each(20_000)}`,
  `insert into logins (id, tenant_id, user_id, created_at, ended_at, end_reason)
   select gen_random_uuid(), tenant_id, user_id, now() - n * interval '1 hour', case when n > 2 then now() end,
     case when n > 2 then 'logout' end from memberships, generate_series(1, 4) n`,
  `insert into refresh_tokens (token_hash, tenant_id, login_id, created_at, expires_at)
   select 'hash-' || id, tenant_id, id, created_at, now() + interval '30 days' from logins`,
  `insert into password_resets (token_hash, user_id, created_at, expires_at)
   select 'hash-' || n, ${uuid('n')}, now(), now() + interval '1 hour' ${each(20_000)}`,
];

/** A migrated database with 20,000 each of users, service accounts, keys and invitations, and 80,000 logins. */
export async function peopleAtSize(): Promise<TestDatabase> {
  const database = await testDatabase(async (url) => {
    await migrate({ url, migrations });
  });
  const system = new Client({ connectionString: database.systemUrl });
  await system.connect();
  for (const statement of statements) await system.query(statement);
  await system.end();
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
  return database;
}
