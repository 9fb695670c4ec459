import { Injectable } from '@nestjs/common';
import { AppError, type TokenResponse } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import type { Membership } from '../accounts/account.js';
import { effective } from '../authority/authority.js';
import { AuthorityRepository } from '../authority/authority.repository.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { LoginsRepository } from './logins.repository.js';
import { digestOf, mintRefreshToken } from './refresh-token.js';

/** Issues what a login or a refresh answers: an access token with the member's present permissions, and the next refresh token. */
@Injectable()
export class TokenPairs {
  constructor(
    private readonly logins: LoginsRepository,
    private readonly authority: AuthorityRepository,
    private readonly accessTokens: AccessTokens,
    private readonly lifetimes: TokenLifetimes,
    private readonly clock: Clock,
  ) {}

  async issue(
    tx: Transaction,
    { tenantId, userId }: Pick<Membership, 'tenantId' | 'userId'>,
    loginId: string,
  ): Promise<TokenResponse> {
    const refreshToken = mintRefreshToken();
    const createdAt = this.clock.now();
    await this.logins.addToken(tx, {
      tokenHash: digestOf(refreshToken),
      tenantId,
      loginId,
      createdAt: new Date(createdAt),
      expiresAt: new Date(createdAt + this.lifetimes.refreshTokenS * 1_000),
    });
    const authority = await this.authority.find(tx, { tenantId, type: 'user', id: userId });
    if (!authority) throw new AppError('login.failed', { internal: 'the membership ended during the login' });
    const permissions = [...effective(authority)];
    const grant = { sub: userId, tenant_id: tenantId, permissions, login_id: loginId, inherits: true as const };
    return {
      ...this.accessTokens.issue(grant, this.lifetimes.accessTokenS),
      token_type: 'Bearer',
      refresh_token: refreshToken,
    };
  }
}
