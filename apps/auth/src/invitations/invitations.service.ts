import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  storedPosition,
  toPage,
  type CreatedInvitation,
  type CreateInvitationRequest,
  type Identity,
  type InvitationPage,
  type PageQuery,
} from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { normalizeEmail } from '../accounts/account.js';
import { Granting } from '../authority/granting.js';
import { digestOf, mintInvitationToken, statusOf, toInvitation } from './invitation.js';
import { InvitationsRepository } from './invitations.repository.js';

@Injectable()
export class InvitationsService {
  constructor(
    private readonly repository: InvitationsRepository,
    private readonly granting: Granting,
    private readonly clock: Clock,
  ) {}

  /**
   * The answer is the only place where the token is ever seen.
   * @throws AppError user.exists; as `Granting.demandMayGive`.
   */
  create(
    caller: Identity,
    { email: address, role, expires_in_s }: CreateInvitationRequest,
  ): Promise<CreatedInvitation> {
    const { tenantId, subject: createdBy } = caller;
    const email = normalizeEmail(address);
    const createdAt = this.now();
    return this.repository.inTenant(tenantId, async (tx) => {
      await this.granting.demandMayGive(tx, caller, { role, permissions: [] });
      if (await this.repository.isMember(tx, tenantId, email)) throw new AppError('user.exists');
      const expiresAt = new Date(createdAt.getTime() + expires_in_s * 1_000);
      const draft = { id: randomUUID(), tenantId, email, role, createdBy, createdAt, expiresAt };
      const invitation = { ...draft, acceptedAt: null, revokedAt: null };
      const token = mintInvitationToken();
      await this.repository.add(tx, invitation, digestOf(token));
      return { ...toInvitation(invitation, createdAt), token };
    });
  }

  /** @throws AppError cursor.invalid. */
  async list({ tenantId }: Identity, { limit, cursor }: PageQuery): Promise<InvitationPage> {
    const after = cursor === undefined ? undefined : decodeCursor(storedPosition, cursor);
    const rows = await this.repository.inTenant(tenantId, (tx) => this.repository.list(tx, tenantId, limit + 1, after));
    const page = toPage(rows, limit, (invitation) => [invitation.createdAt.toISOString(), invitation.id]);
    const now = this.now();
    return { ...page, data: page.data.map((invitation) => toInvitation(invitation, now)) };
  }

  /**
   * By one who could invite to its role; one that is over stays as it is.
   * @throws AppError invitation.not_found; as `Granting.demandMayGive`.
   */
  revoke(caller: Identity, id: string): Promise<void> {
    const { tenantId } = caller;
    return this.repository.inTenant(tenantId, async (tx) => {
      const invitation = await this.repository.lock(tx, tenantId, id);
      if (!invitation) throw new AppError('invitation.not_found');
      if (statusOf(invitation, this.now()) !== 'pending') return;
      await this.granting.demandMayGive(tx, caller, { role: invitation.role, permissions: [] });
      await this.repository.revoke(tx, invitation, this.now());
    });
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
