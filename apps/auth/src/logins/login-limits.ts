import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { networkOf, RateLimiter } from '@parley/limits';
import type { Config } from '../config.js';

const hourMs = 3_600_000;

/** Each a minute, but for resets; injectable by this class. */
export class LoginLimitOptions {
  readonly loginsOfAddress: number;
  readonly refreshesOfAddress: number;
  readonly refreshesOfLogin: number;
  /** An hour. */
  readonly resetsOfAccount: number;

  constructor(config: Config) {
    this.loginsOfAddress = config.LOGIN_ATTEMPTS_PER_MINUTE;
    this.refreshesOfAddress = config.REFRESHES_PER_MINUTE;
    this.refreshesOfLogin = config.LOGIN_REFRESHES_PER_MINUTE;
    this.resetsOfAccount = config.PASSWORD_RESETS_PER_HOUR;
  }
}

/**
 * Slows down whoever guesses passwords or tokens, from one address or against one account from many. Behind a proxy the
 * address is right only where the proxy is trusted. Every method throws AppError request.rate_limited.
 */
@Injectable()
export class LoginLimits {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly options: LoginLimitOptions,
  ) {}

  loginFrom(address: string): Promise<void> {
    const take = { key: `login:${networkOf(address)}`, limit: this.options.loginsOfAddress };
    return this.limiter.demand(take, 'Too many logins from this address');
  }

  refreshFrom(address: string): Promise<void> {
    const take = { key: `refresh:${networkOf(address)}`, limit: this.options.refreshesOfAddress };
    return this.limiter.demand(take, 'Too many refreshes from this address');
  }

  refreshOf(loginId: string): Promise<void> {
    const take = { key: `refresh:${loginId}`, limit: this.options.refreshesOfLogin };
    return this.limiter.demand(take, 'Too many refreshes of this login');
  }

  /** For any address, used or not. */
  resetOf(email: string): Promise<void> {
    const key = `password-reset:${hash('sha256', email)}`;
    const take = { key, limit: this.options.resetsOfAccount, windowMs: hourMs };
    return this.limiter.demand(take, 'Too many resets for this address');
  }
}
