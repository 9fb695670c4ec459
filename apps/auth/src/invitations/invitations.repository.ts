import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { StoredInvitation } from './invitation.js';

/** Where a page of invitations ends: they are listed newest first. */
export type InvitationPosition = readonly [createdAt: string, id: string];

const columns = `id, tenant_id as "tenantId", email, role, created_by as "createdBy", created_at as "createdAt",
  expires_at as "expiresAt", accepted_at as "acceptedAt", revoked_at as "revokedAt"`;

@Injectable()
export class InvitationsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** The only look-up without a tenant: the token's hash says whose it is (docs/adr/0013). */
  findByHash(tokenHash: string): Promise<StoredInvitation | undefined> {
    return this.database.inScope({ credential_hash: tokenHash }, async (tx) => {
      const [row] = await tx.query<StoredInvitation>(`select ${columns} from invitations where token_hash = $1`, [
        tokenHash,
      ]);
      return row;
    });
  }

  /** At most `limit`, those that are over too. */
  list(tx: Transaction, tenantId: string, limit: number, after?: InvitationPosition): Promise<StoredInvitation[]> {
    const [createdAt, id] = after ?? [null, null];
    return tx.query<StoredInvitation>(
      `select ${columns} from invitations
       where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
       order by created_at desc, id desc limit $4`,
      [tenantId, createdAt, id, limit],
    );
  }

  async isMember(tx: Transaction, tenantId: string, email: string): Promise<boolean> {
    const members = await tx.query(
      'select from users u join memberships m on m.user_id = u.id where m.tenant_id = $1 and u.email = $2',
      [tenantId, email],
    );
    return members.length > 0;
  }

  async add(tx: Transaction, invitation: StoredInvitation, tokenHash: string): Promise<void> {
    await tx.query(
      `insert into invitations (id, tenant_id, email, role, token_hash, created_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        invitation.id,
        invitation.tenantId,
        invitation.email,
        invitation.role,
        tokenHash,
        invitation.createdBy,
        invitation.createdAt,
        invitation.expiresAt,
      ],
    );
  }

  /** Locked until the transaction ends, so that it is accepted once, and not after it was revoked. */
  async lock(
    tx: Transaction,
    tenantId: string,
    id: string,
  ): Promise<(StoredInvitation & { readonly tenantName: string }) | undefined> {
    const [row] = await tx.query<StoredInvitation & { readonly tenantName: string }>(
      `select ${columns}, (select name from tenants t where t.id = tenant_id) as "tenantName" from invitations
       where tenant_id = $1 and id = $2 for update`,
      [tenantId, id],
    );
    return row;
  }

  async accept(tx: Transaction, { tenantId, id }: StoredInvitation, at: Date): Promise<void> {
    await tx.query('update invitations set accepted_at = $3 where tenant_id = $1 and id = $2', [tenantId, id, at]);
  }

  async revoke(tx: Transaction, { tenantId, id }: StoredInvitation, at: Date): Promise<void> {
    await tx.query('update invitations set revoked_at = $3 where tenant_id = $1 and id = $2', [tenantId, id, at]);
  }
}
