import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type LoginRequest, type LogoutRequest, type TokenResponse } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { LoginsRepository } from './logins.repository.js';
import { PasswordCheck } from '../passwords/password-check.js';
import { digestOf } from './refresh-token.js';
import { TokenPairs } from './token-pairs.js';

@Injectable()
export class LoginsService {
  constructor(
    private readonly passwords: PasswordCheck,
    private readonly accounts: AccountsRepository,
    private readonly logins: LoginsRepository,
    private readonly tokens: TokenPairs,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError login.failed, login.locked. */
  async login({ email, password }: LoginRequest, address: string): Promise<TokenResponse> {
    const { userId } = await this.passwords.userOf({ email, address }, password);
    const membership = await this.accounts.findMembership(userId);
    if (!membership) throw new AppError('login.failed');
    const { tenantId } = membership;
    const id = randomUUID();
    return this.logins.inTenant(tenantId, async (tx) => {
      await this.logins.start(tx, { id, tenantId, userId }, this.now());
      return this.tokens.issue(tx, membership, id);
    });
  }

  /**
   * Ends the caller's login: its refresh tokens are dead at once, its access token lives out its minutes.
   * @throws AppError refresh_token.invalid, and nothing changed, for a refresh token of another login.
   */
  async logout({ tenantId, loginId }: Identity, { refresh_token }: LogoutRequest = {}): Promise<void> {
    if (!loginId) throw new AppError('request.forbidden', { detail: 'An API key has no login to end; revoke the key' });
    const owner = refresh_token === undefined ? { loginId } : await this.logins.findOwner(digestOf(refresh_token));
    if (owner?.loginId !== loginId) throw new AppError('refresh_token.invalid');
    await this.logins.inTenant(tenantId, (tx) => this.logins.end(tx, tenantId, loginId, 'logout', this.now()));
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
