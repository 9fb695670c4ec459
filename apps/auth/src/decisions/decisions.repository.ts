import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import { grantsOf } from '../authority/authority.js';
import type { Credential } from './decision.js';

interface Row {
  readonly name: string;
  readonly ownGrants: readonly string[];
  readonly role: string | null;
  readonly inherits: string | null;
  readonly roleOwn: readonly string[] | null;
}

@Injectable()
export class DecisionsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** What the key lets through: what its role gives, or the permissions that it was made with. */
  async findKey(tx: Transaction, tenantId: string, id: string): Promise<Credential['key']> {
    const [key] = await tx.query<Row>(
      `select k.name, k.permissions as "ownGrants", k.role, r.inherits, r.permissions as "roleOwn"
       from api_keys k left join roles r on r.tenant_id = k.tenant_id and r.name = k.role
       where k.tenant_id = $1 and k.id = $2`,
      [tenantId, id],
    );
    if (!key) return undefined;
    const { name, ownGrants, role, inherits, roleOwn } = key;
    return { name, grants: role === null ? ownGrants : grantsOf({ name: role, inherits, permissions: roleOwn ?? [] }) };
  }
}
