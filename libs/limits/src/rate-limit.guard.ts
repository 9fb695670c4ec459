import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Identity } from '@parley/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import type { Admission } from './admission.js';
import type { Unit } from './bounds.js';
import { CallerLimits } from './caller-limits.js';
import { openaiLimitHeaders, type LimitHeaders } from './limit-headers.js';

/** Metadata of a route or controller: its `RateLimitOptions`. */
export const rateLimitMetadata = 'parley:rate-limit';

/** How a route's calls count; all of it may be left out. */
export interface RateLimitOptions {
  /** Refuses callers whose tokens of the minute are used up. Default false. */
  readonly tokens?: boolean;
  /** Whether a body asks for a stream, which then takes a place. Default: none does. */
  readonly asksForStream?: (body: unknown) => boolean;
  /** How the answer to a request tells of limits. Default: as OpenAI does. */
  readonly headers?: (sent: IncomingHttpHeaders) => LimitHeaders;
}

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
  /** Set by IdentityGuard. */
  readonly identity?: Identity;
  admission?: Admission;
}
interface Reply {
  readonly raw: { readonly destroyed: boolean; once(event: 'close', listener: () => void): unknown };
  header(name: string, value: string | number): unknown;
}

/** Lets a call in where its key, user and tenant have room for it, and tells what is left. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limits: CallerLimits,
    private readonly reflector: Reflector,
  ) {}

  /** @throws AppError request.rate_limited, with the time to wait. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    // On a controller and on its route: the route's options were read, and the call is counted.
    if (request.admission) return true;
    const { identity } = request;
    if (!identity) throw new Error('A rate-limited route must not be public: there is nobody to count for');
    const targets = [context.getHandler(), context.getClass()];
    const options = this.reflector.getAllAndOverride<RateLimitOptions>(rateLimitMetadata, targets);
    const headers = options.headers?.(request.headers) ?? openaiLimitHeaders;
    const admission = await this.limits.admit(identity, unitsOf(options, request.body), headers);
    const reply = http.getResponse<Reply>();
    admission.tell(reply);
    admission.demand();
    request.admission = admission;
    if (admission.units.includes('streams')) leaveAtTheEnd(admission, reply);
    return true;
  }
}

/** Unless somebody takes the place, who leaves it when the answer has ended. A caller may have gone while room was looked for. */
function leaveAtTheEnd(admission: Admission, { raw }: Reply): void {
  const leave = () => admission.takeLease()?.leave();
  if (raw.destroyed) leave();
  else raw.once('close', leave);
}

function unitsOf({ tokens = false, asksForStream }: RateLimitOptions, body: unknown): readonly Unit[] {
  if (!tokens && !asksForStream) return requestsAlone;
  return ['requests', ...(tokens ? ['tokens' as const] : []), ...(asksForStream?.(body) ? ['streams' as const] : [])];
}
const requestsAlone: readonly Unit[] = ['requests'];

/** What the guard found. @throws on a route that is not rate-limited. */
export function admissionOf(request: object): Admission {
  const { admission } = request as Request;
  if (!admission) throw new Error('The route is not @RateLimited()');
  return admission;
}
