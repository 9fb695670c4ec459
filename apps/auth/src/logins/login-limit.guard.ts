import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { RateLimiter } from '@parley/limits';
import type { Config } from '../config.js';

/** How many passwords one address may try in a minute. */
export class LoginLimit {
  readonly attemptsPerMinute: number;

  constructor(config: Pick<Config, 'LOGIN_ATTEMPTS_PER_MINUTE'>) {
    this.attemptsPerMinute = config.LOGIN_ATTEMPTS_PER_MINUTE;
  }
}

/** Slows down whoever guesses passwords from one address. Behind a proxy the address is right only where the proxy is trusted. */
@Injectable()
export class LoginLimitGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly limit: LoginLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { ip } = context.switchToHttp().getRequest<{ readonly ip: string }>();
    const taken = await this.limiter.take({ key: `login:${ip}`, limit: this.limit.attemptsPerMinute });
    if (taken.allowed) return true;
    throw new AppError('request.rate_limited', {
      detail: 'Too many logins from this address',
      retryAfterMs: taken.retryAfterMs,
    });
  }
}
