import { Injectable } from '@nestjs/common';
import { AppError, isBuiltInRole, within, type Identity } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { effective, grantsOf, type Authority, type Subject } from './authority.js';

interface Row {
  readonly role: string;
  readonly ownGrants: readonly string[];
  readonly inherits: string | null;
  readonly roleOwn: readonly string[] | null;
}

const holders = {
  user: { table: 'memberships', id: 'user_id' },
  service_account: { table: 'service_accounts', id: 'id' },
} as const;

/**
 * Reads what subjects and roles may do, within transactions of their tenant. Who changes that locks in one order, so that
 * nobody waits in a circle: the tenant's row, then the role (`grantsOfRole`), then the member or service account.
 */
@Injectable()
export class AuthorityRepository {
  /** Undefined where the subject is not, or no longer, of the tenant. */
  async find(tx: Transaction, { tenantId, type, id }: Subject): Promise<Authority | undefined> {
    const holder = holders[type];
    const [row] = await tx.query<Row>(
      {
        name: `authority_of_${type}`,
        text: `select h.role, h.permissions as "ownGrants", r.inherits, r.permissions as "roleOwn"
               from ${holder.table} h left join roles r on r.tenant_id = h.tenant_id and r.name = h.role
               where h.tenant_id = $1 and h.${holder.id} = $2`,
      },
      [tenantId, id],
    );
    return row && toAuthority(row);
  }

  /**
   * What a caller may give away: all that its credential says and its subject still has.
   * @throws AppError credential.revoked where the subject is no longer of the tenant.
   */
  async givable(
    tx: Transaction,
    { tenantId, subjectType, subject, permissions }: Identity,
  ): Promise<ReadonlySet<string>> {
    const authority = await this.find(tx, { tenantId, type: subjectType, id: subject });
    if (!authority) throw new AppError('credential.revoked');
    return new Set(within(permissions, effective(authority)));
  }

  /** All that a role gives, which keeps what it is until the transaction ends. @throws AppError role.not_found. */
  async grantsOfRole(tx: Transaction, tenantId: string, name: string): Promise<readonly string[]> {
    if (isBuiltInRole(name)) return grantsOf({ name, inherits: null, permissions: [] });
    const [row] = await tx.query<{ inherits: string | null; permissions: readonly string[] }>(
      'select inherits, permissions from roles where tenant_id = $1 and name = $2 for share',
      [tenantId, name],
    );
    if (!row) throw new AppError('role.not_found');
    return grantsOf({ name, ...row });
  }
}

const toAuthority = ({ role, ownGrants, inherits, roleOwn }: Row): Authority => ({
  role,
  ownGrants,
  roleGrants: grantsOf({ name: role, inherits, permissions: roleOwn ?? [] }),
});
