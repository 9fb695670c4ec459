import { Injectable } from '@nestjs/common';
import { AppError, type TokenResponse } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { effective } from '../authority/authority.js';
import { AuthorityRepository } from '../authority/authority.repository.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import type { Login } from './login.js';
import { LoginsRepository } from './logins.repository.js';
import { digestOf } from './refresh-tokens.js';

/** Issues what a login or a refresh answers: an access token with the member's present permissions, beside a refresh token. */
@Injectable()
export class TokenPairs {
  constructor(
    private readonly logins: LoginsRepository,
    private readonly authority: AuthorityRepository,
    private readonly accessTokens: AccessTokens,
    private readonly lifetimes: TokenLifetimes,
    private readonly clock: Clock,
  ) {}

  /** With a refresh token that is new, and good from now on. */
  async issue(tx: Transaction, login: Omit<Login, 'endedAt'>, refreshToken: string): Promise<TokenResponse> {
    const now = this.clock.now();
    const token = {
      tokenHash: digestOf(refreshToken),
      createdAt: new Date(now),
      expiresAt: new Date(now + this.lifetimes.refreshTokenS * 1_000),
    };
    const [, pair] = await Promise.all([this.logins.addToken(tx, login, token), this.answer(tx, login, refreshToken)]);
    return pair;
  }

  /** With a refresh token that is there already. */
  async answer(tx: Transaction, login: Omit<Login, 'endedAt'>, refreshToken: string): Promise<TokenResponse> {
    const { id, tenantId, userId } = login;
    const authority = await this.authority.find(tx, { tenantId, type: 'user', id: userId });
    if (!authority) throw new AppError('login.failed', { internal: 'the membership ended during the login' });
    const permissions = [...effective(authority)];
    const grant = { sub: userId, tenant_id: tenantId, permissions, login_id: id, inherits: true as const };
    return {
      ...this.accessTokens.issue(grant, this.lifetimes.accessTokenS),
      token_type: 'Bearer',
      refresh_token: refreshToken,
    };
  }
}
