import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { networkOf, RateLimiter } from '@parley/limits';
import type { Config } from '../config.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
    return this.take(`login:${networkOf(address)}`, this.options.loginsOfAddress, 'Too many logins from this address');
  }

  refreshFrom(address: string): Promise<void> {
    return this.take(
      `refresh:${networkOf(address)}`,
      this.options.refreshesOfAddress,
      'Too many refreshes from this address',
    );
  }

  refreshOf(loginId: string): Promise<void> {
    return this.take(`refresh:${loginId}`, this.options.refreshesOfLogin, 'Too many refreshes of this login');
  }

  /** For any address, used or not. */
  resetOf(email: string): Promise<void> {
    const key = `password-reset:${hash('sha256', email)}`;
    return this.take(key, this.options.resetsOfAccount, 'Too many resets for this address', hourMs);
  }

  private async take(key: string, limit: number, detail: string, windowMs = minuteMs): Promise<void> {
    const { allowed, retryAfterMs } = await this.limiter.take({ key, limit, windowMs });
    if (!allowed) throw new AppError('request.rate_limited', { detail, retryAfterMs });
  }
}
