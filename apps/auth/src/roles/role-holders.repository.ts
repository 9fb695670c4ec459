import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';

/** Somebody, or a key, that has what a role gives. */
export interface RoleHolder {
  readonly id: string;
  /** What it has besides. */
  readonly ownGrants: readonly string[];
  /** The models that a key may ask, where not all. */
  readonly models: readonly string[] | null;
}

/**
 * Pages of those who have a role, by id. People and programs are locked, so that nobody gives them another role before the
 * news of this one is out; a key's role is for good.
 */
const holderPages = {
  users: `select user_id as id, permissions as "ownGrants", null as models from memberships
    where tenant_id = $1 and role = $2 and ($3::uuid is null or user_id > $3) order by user_id limit $4 for share`,
  'service accounts': `select id, permissions as "ownGrants", null as models from service_accounts
    where tenant_id = $1 and role = $2 and ($3::uuid is null or id > $3) order by id limit $4 for share`,
  'API keys': `select id, '{}'::text[] as "ownGrants", models from api_keys
    where tenant_id = $1 and role = $2 and ($3::uuid is null or id > $3) and revoked_at is null
    order by id limit $4`,
} as const;
export type HolderKind = keyof typeof holderPages;
export const holderKinds = Object.keys(holderPages) as HolderKind[];

/** What a role may not be deleted for: keys and invitations that are over do not count. */
const useOfRole = `select
  exists (select from memberships where tenant_id = $1 and role = $2) as users,
  exists (select from service_accounts where tenant_id = $1 and role = $2) as "service accounts",
  exists (select from api_keys where tenant_id = $1 and role = $2 and revoked_at is null
    and (expires_at is null or expires_at > $3)) as "API keys",
  exists (select from invitations where tenant_id = $1 and role = $2 and accepted_at is null and revoked_at is null
    and expires_at > $3) as "open invitations"`;

@Injectable()
export class RoleHoldersRepository {
  page(
    tx: Transaction,
    kind: HolderKind,
    role: { readonly tenantId: string; readonly name: string },
    limit: number,
    after?: string,
  ): Promise<RoleHolder[]> {
    return tx.query<RoleHolder>(holderPages[kind], [role.tenantId, role.name, after ?? null, limit]);
  }

  /** Who has the role now, by kind; for a role that is locked. */
  async usedBy(tx: Transaction, tenantId: string, name: string, now: Date): Promise<string[]> {
    const [row] = await tx.query<Record<string, boolean>>(useOfRole, [tenantId, name, now]);
    return Object.entries(row ?? {})
      .filter(([, used]) => used)
      .map(([kind]) => kind);
  }
}
