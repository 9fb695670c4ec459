import { Injectable } from '@nestjs/common';
import { AppError, type Decision, type DecisionQuery, type Identity } from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';
import { KeyGrants } from '../api-keys/key-grants.js';
import type { Authority } from '../authority/authority.js';
import { AuthorityRepository } from '../authority/authority.repository.js';
import { decide, type Credential } from './decision.js';

@Injectable()
export class DecisionsService {
  constructor(
    private readonly database: Database,
    private readonly authority: AuthorityRepository,
    private readonly keys: KeyGrants,
  ) {}

  /**
   * For the caller itself with the credential of the call, for another with all that they have.
   * @throws AppError request.forbidden, user.not_found.
   */
  explain(caller: Identity, { permission, subject = caller.subject }: DecisionQuery): Promise<Decision> {
    const own = subject === caller.subject;
    if (!own && !caller.permissions.has('users:read'))
      throw new AppError('request.forbidden', { detail: 'To ask about others needs the permission users:read' });
    return this.database.inTenant(caller.tenantId, async (tx) => {
      const authority = await this.authorityOf(tx, caller.tenantId, subject);
      if (!authority) throw new AppError('user.not_found');
      const credential = own ? await this.credentialOf(tx, caller) : undefined;
      return decide({ permission, subject, authority, credential });
    });
  }

  private async authorityOf(tx: Transaction, tenantId: string, id: string): Promise<Authority | undefined> {
    return (
      (await this.authority.find(tx, { tenantId, type: 'user', id })) ??
      (await this.authority.find(tx, { tenantId, type: 'service_account', id }))
    );
  }

  private async credentialOf(tx: Transaction, { tenantId, keyId, permissions }: Identity): Promise<Credential> {
    const key = keyId === undefined ? undefined : await this.keys.stated(tx, tenantId, keyId);
    return { key, tokenPermissions: permissions };
  }
}
