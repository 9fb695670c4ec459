import { randomUUID } from 'node:crypto';
import type { Servers } from './auth-under-test.js';

/** Members and service accounts that are there already, put straight into the database. */
export interface Newcomer {
  readonly tenantId: string;
  readonly role: string;
  readonly permissions?: readonly string[];
}

/** A member who logs in by this address and the password of the user that it is copied from. */
export async function addMember(
  { database }: Servers,
  { tenantId, role, permissions = [] }: Newcomer,
  samePasswordAs: string,
): Promise<{ id: string; email: string }> {
  const id = randomUUID();
  const email = `${id}@acme.example`;
  await database.query(
    `with copied as (insert into users (id, email, password_hash, created_at)
       select $1, $2, password_hash, now() from users where email = $3 returning id)
     insert into memberships (tenant_id, user_id, role, permissions, created_at) select $4, id, $5, $6, now() from copied`,
    [id, email, samePasswordAs, tenantId, role, permissions],
  );
  return { id, email };
}

export async function addServiceAccount(
  { database }: Servers,
  { tenantId, role, permissions = [] }: Newcomer,
): Promise<string> {
  const id = randomUUID();
  await database.query(
    `insert into service_accounts (id, tenant_id, name, role, permissions, secret_hash, created_by, created_at)
     values ($1, $2, 'robot', $3, $4, '', $1, now())`,
    [id, tenantId, role, permissions],
  );
  return id;
}
