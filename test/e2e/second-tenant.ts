import { createHash, randomUUID } from 'node:crypto';
import { allPermissions } from '@parley/contracts';
import { mintApiKey } from '@parley/identity';
import { Client } from 'pg';

/**
 * The key of a tenant of its own, with every permission. There is no route that makes a tenant, so its rows are written
 * as auth would write them.
 */
export async function secondTenant(): Promise<string> {
  const database = new URL(process.env['PARLEY_DATABASE_URL'] ?? '');
  database.pathname = '/parley_auth';
  const sql = new Client({ connectionString: database.href });
  await sql.connect();
  try {
    const [tenant, user, key] = [randomUUID(), randomUUID(), mintApiKey()];
    await sql.query(`insert into tenants (id, name, created_at) values ($1, 'Another', now())`, [tenant]);
    await sql.query(`insert into users (id, email, password_hash, created_at) values ($1, $2, 'none', now())`, [
      user,
      `${user}@example.com`,
    ]);
    await sql.query(`insert into memberships (tenant_id, user_id, role, created_at) values ($1, $2, 'owner', now())`, [
      tenant,
      user,
    ]);
    await sql.query(
      `insert into api_keys (id, tenant_id, key_hash, prefix, name, permissions, requests_per_minute, created_by, created_at)
       values ($1, $2, $3, $4, 'Another', $5, 100000, $6, now())`,
      [randomUUID(), tenant, createHash('sha256').update(key).digest('hex'), key.slice(0, 8), allPermissions, user],
    );
    return key;
  } finally {
    await sql.end();
  }
}
