import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { networkOf, RateLimiter } from '@parley/limits';
import { RegistrationOptions } from './registration.options.js';

/** Before the body is even looked at. Behind a proxy the address is right only where the proxy is trusted. */
@Injectable()
export class RegistrationAddressGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly options: RegistrationOptions,
  ) {}

  /** @throws AppError request.rate_limited. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { ip } = context.switchToHttp().getRequest<{ readonly ip: string }>();
    const limit = this.options.perMinuteOfAddress;
    const { allowed, retryAfterMs } = await this.limiter.take({ key: `register:${networkOf(ip)}`, limit });
    if (!allowed)
      throw new AppError('request.rate_limited', { detail: 'Too many registrations from this address', retryAfterMs });
    return true;
  }
}
