import { Injectable } from '@nestjs/common';
import {
  accessTokenType,
  AppError,
  within,
  type ExchangeGrantRequest,
  type OAuthTokenResponse,
} from '@parley/contracts';
import { Database } from '@parley/persistence';
import { effective } from '../authority/authority.js';
import { AuthorityRepository } from '../authority/authority.repository.js';
import type { Client } from '../service-accounts/clients.service.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { delegate } from './delegation.js';
import type { GoodToken } from './presented-tokens.js';

/** Tokens for service accounts that act in the place of somebody whose token they were handed (RFC 8693). */
@Injectable()
export class DelegatedTokens {
  constructor(
    private readonly database: Database,
    private readonly authority: AuthorityRepository,
    private readonly tokens: AccessTokens,
    private readonly lifetimes: TokenLifetimes,
  ) {}

  /**
   * Never more, nor for longer, than the subject token. What the subject and the actor are is asked of the database: news
   * of a removal may not have arrived here, and the new token would be younger than it.
   * @throws AppError oauth.invalid_request, oauth.invalid_scope.
   */
  async issue(
    { claims, identity }: GoodToken,
    actor: Client,
    { scope }: Pick<ExchangeGrantRequest, 'scope'>,
  ): Promise<OAuthTokenResponse> {
    const { tenantId, subject: id, subjectType: type } = identity;
    if (actor.tenantId !== tenantId) throw badSubject();
    const subject = await this.database.inTenant(tenantId, async (tx) => {
      const acting = await this.authority.find(tx, { tenantId, type: 'service_account', id: actor.id });
      return acting && this.authority.find(tx, { tenantId, type, id });
    });
    if (!subject) throw badSubject();
    const held = new Set(within(identity.permissions, effective(subject)));
    const grant = delegate({ subject: claims, held, actor, scope });
    const issued = this.tokens.issue(grant, this.lifetimes.accessTokenS, claims.exp);
    // Verification forgives a clock that is a few seconds off; a new token has to live.
    if (issued.expires_in < 1) throw badSubject();
    const said = { scope: grant.permissions.join(' '), issued_token_type: accessTokenType } as const;
    return { ...issued, ...said, token_type: 'Bearer' };
  }
}

/** One answer for a token that is forged, expired or revoked, and for another tenant's (RFC 8693 §2.2.2). */
export const badSubject = (): AppError =>
  new AppError('oauth.invalid_request', { detail: 'The subject token is not good' });
