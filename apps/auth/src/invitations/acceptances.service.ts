import { Injectable } from '@nestjs/common';
import { AppError, within, type Registration } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { Joining } from '../accounts/joining.js';
import { effective as effectiveOf } from '../authority/authority.js';
import { AuthorityRepository } from '../authority/authority.repository.js';
import { digestOf, statusOf, type StoredInvitation } from './invitation.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InviteeAccounts } from './invitee-accounts.js';

/** What the person who was invited gives. */
export interface Acceptance {
  readonly token: string;
  /** Of the account that the address has, or for the one that it gets. */
  readonly password: string;
  /** What the account has from then on. */
  readonly newPassword: string | undefined;
  /** The client's. */
  readonly address: string;
}

@Injectable()
export class AcceptancesService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly accounts: InviteeAccounts,
    private readonly joining: Joining,
    private readonly authority: AuthorityRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError one_time_token.invalid, user.exists, login.failed, login.locked, request.invalid. */
  async accept(acceptance: Acceptance): Promise<Registration> {
    const found = await this.invitations.findByHash(digestOf(acceptance.token));
    if (!found || !this.isPending(found)) throw new AppError('one_time_token.invalid');
    const { tenantId, id, email } = found;
    const { newcomer, secure } = await this.accounts.present(email, acceptance);
    const joined = await this.joining.join(tenantId, newcomer, async (tx) => {
      const invitation = await this.invitations.lock(tx, tenantId, id);
      if (!invitation || !this.isPending(invitation)) throw new AppError('one_time_token.invalid');
      const effective = await this.grantsOf(tx, invitation);
      await this.invitations.accept(tx, invitation, new Date(this.clock.now()));
      await secure(tx, tenantId);
      const { role, tenantName } = invitation;
      return { role, permissions: [], effective, needsProof: false, tenantName };
    });
    return joined ? { email, tenant_name: joined.admission.tenantName } : this.accept(acceptance);
  }

  /** Of its role, as long as whoever invited is still there and still has them: an invitation is no back door. */
  private async grantsOf(tx: Transaction, { tenantId, role, createdBy: id }: StoredInvitation) {
    const grants = await this.authority.grantsOfRole(tx, tenantId, role);
    const inviter =
      (await this.authority.find(tx, { tenantId, type: 'user', id })) ??
      (await this.authority.find(tx, { tenantId, type: 'service_account', id }));
    const given = inviter ? within(grants, effectiveOf(inviter)) : [];
    if (!inviter || given.length < grants.length)
      throw new AppError('one_time_token.invalid', { internal: 'the inviter can no longer give this role' });
    return grants;
  }

  private isPending(invitation: StoredInvitation): boolean {
    return statusOf(invitation, new Date(this.clock.now())) === 'pending';
  }
}
