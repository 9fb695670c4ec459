import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError, covers, isAppError, type Identity } from '@parley/contracts';
import { currentRequest, permissionMetadata } from '@parley/service-kit';
import { bearerToken } from './bearer-token.js';
import { instanceMetadata, type Access } from './decorators.js';
import type { IdentifiedRequest } from './identified-request.js';
import { TokenVerifier } from './token-verifier.js';

interface Reply {
  header(name: string, value: string): unknown;
}

/** Verifies the caller's token and demands the route's permission, on every route. */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const access = this.accessTo(context);
    if (access === 'public') return true;
    try {
      const request = context.switchToHttp().getRequest<IdentifiedRequest>();
      demand(await this.identify(request), access, this.instanceOf(context, request));
      return true;
    } catch (error) {
      const challenge = challengeFor(error, access);
      if (challenge) context.switchToHttp().getResponse<Reply>().header('www-authenticate', challenge);
      throw error;
    }
  }

  private accessTo(context: ExecutionContext): Access {
    const targets = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(permissionMetadata, targets);
    if (!access) throw new Error('A route that says nothing about who may call it is closed');
    return access;
  }

  /** What the caller wants to act on, where the route says that a grant may be on one instance alone. */
  private instanceOf(context: ExecutionContext, { params }: IdentifiedRequest): string | undefined {
    const parameter = this.reflector.get<string | undefined>(instanceMetadata, context.getHandler());
    return parameter === undefined ? undefined : params?.[parameter];
  }

  private async identify(request: IdentifiedRequest): Promise<Identity> {
    const identity = await this.verifier.verify(bearerToken(request.raw));
    request.identity = identity;
    const current = currentRequest();
    if (current) current.tenantId = identity.tenantId;
    return identity;
  }
}

function demand(identity: Identity, access: Access, instance: string | undefined): void {
  if (access === 'authenticated' || access === 'public') return;
  if (covers(identity.permissions, access, instance)) return;
  throw new AppError('request.forbidden', { detail: `This needs the permission ${access}` });
}

/** RFC 6750 §3: why the caller was refused, in the header that HTTP has for it. */
function challengeFor(error: unknown, access: Access): string | undefined {
  if (!isAppError(error)) return undefined;
  if (error.code === 'request.unauthenticated') return 'Bearer';
  if (error.status === 401) return 'Bearer error="invalid_token"';
  return error.status === 403 ? `Bearer error="insufficient_scope", scope="${access}"` : undefined;
}
