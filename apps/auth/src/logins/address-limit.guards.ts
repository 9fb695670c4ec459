import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LoginLimits } from './login-limits.js';

const addressOf = (context: ExecutionContext): string =>
  context.switchToHttp().getRequest<{ readonly ip: string }>().ip;

/** Before the body is even looked at. */
@Injectable()
export class LoginAddressGuard implements CanActivate {
  constructor(private readonly limits: LoginLimits) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.limits.loginFrom(addressOf(context));
    return true;
  }
}

/** Apart from the logins of the address: many people may share one. */
@Injectable()
export class RefreshAddressGuard implements CanActivate {
  constructor(private readonly limits: LoginLimits) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.limits.refreshFrom(addressOf(context));
    return true;
  }
}
