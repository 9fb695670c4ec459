import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppError, grantTypes } from '@parley/contracts';
import { networkOf, RateLimiter } from '@parley/limits';

/** Injectable by this class. */
export class OAuthLimit {
  constructor(readonly perMinuteOfAddress: number) {}
}

/** The public routes of OAuth together, before the form is even looked at. */
@Injectable()
export class OAuthAddressGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly limit: OAuthLimit,
  ) {}

  /** @throws AppError request.rate_limited. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { ip } = context.switchToHttp().getRequest<{ readonly ip: string }>();
    const take = { key: `oauth:${networkOf(ip)}`, limit: this.limit.perMinuteOfAddress };
    await this.limiter.demand(take, 'Too many requests from this address');
    return true;
  }
}

/** Tells a grant type that we do not have, which is an error of its own, from a form that is not complete. */
@Injectable()
export class GrantTypeGuard implements CanActivate {
  /** @throws AppError oauth.unsupported_grant_type. */
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<{ readonly body?: { readonly grant_type?: string } }>();
    const type = body?.grant_type;
    if (type !== undefined && !grantTypes.includes(type)) throw new AppError('oauth.unsupported_grant_type');
    return true;
  }
}
