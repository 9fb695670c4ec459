import { Injectable } from '@nestjs/common';
import { AppError, type TokenResponse } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { LoginEnds } from './login-ends.js';
import { LoginLimits } from './login-limits.js';
import { LoginsRepository } from './logins.repository.js';
import { Presentations, type Presented } from './presentations.js';
import { digestOf } from './refresh-tokens.js';
import { TokenPairs } from './token-pairs.js';

@Injectable()
export class RefreshesService {
  constructor(
    private readonly logins: LoginsRepository,
    private readonly presentations: Presentations,
    private readonly pairs: TokenPairs,
    private readonly ends: LoginEnds,
    private readonly limits: LoginLimits,
  ) {}

  /**
   * The permissions are looked up anew, so that a change of them is in the next access token.
   * @throws AppError refresh_token.invalid or .reused; the end of a reused token's login is committed before that.
   * request.rate_limited for a login that is refreshed too often, whose token stays good.
   */
  async refresh(refreshToken: string): Promise<TokenResponse> {
    const owner = await this.logins.findOwner(digestOf(refreshToken));
    if (!owner) throw new AppError('refresh_token.invalid');
    const result = await this.logins.inTenant(owner.tenantId, async (tx) => {
      const presented = await this.presentations.read(tx, owner, refreshToken);
      return presented ? this.follow(tx, presented, refreshToken) : 'invalid';
    });
    if (result === 'invalid') throw new AppError('refresh_token.invalid');
    if (result === 'reuse') throw new AppError('refresh_token.reused');
    return result;
  }

  /** Ends the login of any token that it ever had; one that is not known changes nothing (RFC 7009 §2.2). */
  async revoke(refreshToken: string): Promise<void> {
    const owner = await this.logins.findOwner(digestOf(refreshToken));
    if (!owner) return;
    await this.logins.inTenant(owner.tenantId, async (tx) => {
      const login = await this.logins.lock(tx, owner.tenantId, owner.loginId);
      if (login) await this.ends.end(tx, login, 'revoked');
    });
  }

  private async follow(
    tx: Transaction,
    { login, leadsTo, successor, at }: Presented,
    refreshToken: string,
  ): Promise<TokenResponse | 'invalid' | 'reuse'> {
    switch (leadsTo) {
      case 'rotate':
        await this.limits.refreshOf(login.id);
        await this.logins.replaceToken(tx, login.tenantId, digestOf(refreshToken), at);
        return this.pairs.issue(tx, login, successor);
      case 'again':
        return this.pairs.answer(tx, login, successor);
      case 'reuse':
        await this.ends.endReused(tx, login);
        return 'reuse';
      case 'invalid':
        return 'invalid';
    }
  }
}
