import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type LoginRequest, type TokenResponse } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { normalizeEmail } from '../accounts/account.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { Passwords } from '../accounts/passwords.js';
import { present, type Login } from './login.js';
import { LoginsRepository } from './logins.repository.js';
import { digestOf } from './refresh-token.js';
import { TokenPairs } from './token-pairs.js';

@Injectable()
export class LoginsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly logins: LoginsRepository,
    private readonly passwords: Passwords,
    private readonly tokens: TokenPairs,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError login.failed, after the same work, whether the address or the password was wrong. */
  async login({ email, password }: LoginRequest): Promise<TokenResponse> {
    const stored = await this.accounts.findPassword(normalizeEmail(email));
    const matches = await this.passwords.matches(password, stored?.passwordHash);
    const membership = stored && matches ? await this.accounts.findMembership(stored.userId) : undefined;
    if (!membership) throw new AppError('login.failed');
    const { tenantId, userId } = membership;
    const id = randomUUID();
    return this.logins.inTenant(tenantId, async (tx) => {
      await this.logins.start(tx, { id, tenantId, userId }, this.now());
      return this.tokens.issue(tx, membership, id);
    });
  }

  /** @throws AppError refresh_token.invalid or .reused; the end of a reused token's login is committed before that. */
  async refresh(refreshToken: string): Promise<TokenResponse> {
    const tokenHash = digestOf(refreshToken);
    const owner = await this.logins.findOwner(tokenHash);
    if (!owner) throw new AppError('refresh_token.invalid');
    const { tenantId, loginId } = owner;
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

  /** Ends the caller's login: its refresh tokens are dead at once, its access token lives out its minutes. */
  async logout({ tenantId, loginId }: Identity): Promise<void> {
    if (!loginId) throw new AppError('request.forbidden', { detail: 'An API key has no login to end; revoke the key' });
    await this.logins.inTenant(tenantId, (tx) => this.logins.end(tx, tenantId, loginId, 'logout', this.now()));
  }

  /** The role is looked up anew, so that a change of it reaches the next access token. */
  private async rotate(tx: Transaction, login: Login, tokenHash: string): Promise<TokenResponse | 'invalid'> {
    const role = await this.accounts.findRole(tx, login);
    if (!role) return 'invalid';
    await this.logins.replaceToken(tx, login.tenantId, tokenHash, this.now());
    return this.tokens.issue(tx, { tenantId: login.tenantId, userId: login.userId, role }, login.id);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
