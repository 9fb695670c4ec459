import { Injectable } from '@nestjs/common';
import { AppError, type OAuthTokenResponse } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { effective } from '../authority/authority.js';
import { AuthorityRepository } from '../authority/authority.repository.js';
import type { Client } from '../service-accounts/clients.service.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { scoped } from './scope.js';

/** Tokens of service accounts that act for themselves (RFC 6749 §4.4). */
@Injectable()
export class ClientTokens {
  constructor(
    private readonly database: Database,
    private readonly authority: AuthorityRepository,
    private readonly tokens: AccessTokens,
    private readonly lifetimes: TokenLifetimes,
  ) {}

  /** @throws AppError oauth.invalid_scope; oauth.invalid_client for one that was deleted just now. */
  async issue({ id, tenantId, ancestors }: Client, scope: string | undefined): Promise<OAuthTokenResponse> {
    const authority = await this.database.inTenant(tenantId, (tx) =>
      this.authority.find(tx, { tenantId, type: 'service_account', id }),
    );
    if (!authority) throw new AppError('oauth.invalid_client');
    const permissions = scoped(effective(authority), scope);
    const grant = {
      sub: id,
      sub_type: 'service_account' as const,
      tenant_id: tenantId,
      permissions,
      ancestors: [...ancestors],
      ...(scope === undefined && { inherits: true as const }),
    };
    const issued = this.tokens.issue(grant, this.lifetimes.accessTokenS);
    return { ...issued, token_type: 'Bearer', scope: permissions.join(' ') };
  }
}
