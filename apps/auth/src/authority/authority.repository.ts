import { Injectable } from '@nestjs/common';
import { AppError, isBuiltInRole } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { grantsOf, type Authority, type Subject } from './authority.js';

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

/** Reads what subjects and roles may do, within transactions of their tenant. */
@Injectable()
export class AuthorityRepository {
  /** Undefined where the subject is not, or no longer, of the tenant. */
  async find(tx: Transaction, { tenantId, type, id }: Subject): Promise<Authority | undefined> {
    const holder = holders[type];
    const [row] = await tx.query<Row>(
      `select h.role, h.permissions as "ownGrants", r.inherits, r.permissions as "roleOwn"
       from ${holder.table} h left join roles r on r.tenant_id = h.tenant_id and r.name = h.role
       where h.tenant_id = $1 and h.${holder.id} = $2`,
      [tenantId, id],
    );
    return row && toAuthority(row);
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
