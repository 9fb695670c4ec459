import { Injectable } from '@nestjs/common';
import { AppError, type TokenResponse } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { LoginLimits } from './login-limits.js';
import { present, type Login } from './login.js';
import { LoginsRepository } from './logins.repository.js';
import { digestOf } from './refresh-token.js';
import { TokenPairs } from './token-pairs.js';

@Injectable()
export class RefreshesService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly logins: LoginsRepository,
    private readonly tokens: TokenPairs,
    private readonly limits: LoginLimits,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError refresh_token.invalid or .reused; the end of a reused token's login is committed before that.
   * request.rate_limited for a login that is refreshed too often.
   */
  async refresh(refreshToken: string): Promise<TokenResponse> {
    const tokenHash = digestOf(refreshToken);
    const owner = await this.logins.findOwner(tokenHash);
    if (!owner) throw new AppError('refresh_token.invalid');
    const { tenantId, loginId } = owner;
    await this.limits.refreshOf(loginId);
    const result = await this.logins.inTenant(tenantId, async (tx) => {
      const login = await this.logins.lock(tx, tenantId, loginId);
      const token = await this.logins.findToken(tx, tenantId, tokenHash);
      if (!login || !token) return 'invalid';
      const presentation = present(login, token, this.now());
      if (presentation === 'rotate') return this.rotate(tx, login, tokenHash);
      if (presentation === 'reuse') await this.logins.end(tx, tenantId, loginId, 'reuse', this.now());
      return presentation;
    });
    if (result === 'invalid') throw new AppError('refresh_token.invalid');
    if (result === 'reuse') throw new AppError('refresh_token.reused');
    return result;
  }

  /** The role is looked up anew, so that a change of it reaches the next access token. */
  private async rotate(tx: Transaction, login: Login, tokenHash: string): Promise<TokenResponse | 'invalid'> {
    const role = await this.accounts.findRole(tx, login);
    if (!role) return 'invalid';
    await this.logins.replaceToken(tx, login.tenantId, tokenHash, this.now());
    return this.tokens.issue(tx, login, login.id);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
