import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
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
    await this.limiter.demand({ key: `register:${networkOf(ip)}`, limit }, 'Too many registrations from this address');
    return true;
  }
}
