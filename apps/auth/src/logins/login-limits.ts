import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { RateLimiter } from '@parley/limits';
import type { Config } from '../config.js';

/** Each a minute; injectable by this class. */
export class LoginLimitOptions {
  readonly loginsOfAddress: number;
  readonly refreshesOfAddress: number;
  readonly refreshesOfLogin: number;

  constructor(config: Config) {
    this.loginsOfAddress = config.LOGIN_ATTEMPTS_PER_MINUTE;
    this.refreshesOfAddress = config.REFRESHES_PER_MINUTE;
    this.refreshesOfLogin = config.LOGIN_REFRESHES_PER_MINUTE;
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
    return this.take(`login:${address}`, this.options.loginsOfAddress, 'Too many logins from this address');
  }

  refreshFrom(address: string): Promise<void> {
    return this.take(`refresh:${address}`, this.options.refreshesOfAddress, 'Too many refreshes from this address');
  }

  refreshOf(loginId: string): Promise<void> {
    return this.take(`refresh:${loginId}`, this.options.refreshesOfLogin, 'Too many refreshes of this login');
  }

  private async take(key: string, limit: number, detail: string): Promise<void> {
    const { allowed, retryAfterMs } = await this.limiter.take({ key, limit });
    if (!allowed) throw new AppError('request.rate_limited', { detail, retryAfterMs });
  }
}
