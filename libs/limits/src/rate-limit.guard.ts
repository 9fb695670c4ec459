import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { AppError, type Identity } from '@parley/contracts';
import type { Decision } from './decision.js';
import { formatDuration } from './duration.js';
import { holderOf } from './holder.js';
import { RateLimiter } from './rate-limiter.js';
import { UserLimit } from './user-limit.js';

interface Request {
  /** Set by IdentityGuard. */
  readonly identity?: Identity;
}
interface Reply {
  header(name: string, value: string | number): unknown;
}

/** Takes one call out of the caller's minute: of the API key's where there is one, else of the user's. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly userLimit: UserLimit,
  ) {}

  /** @throws AppError request.rate_limited, with the time to wait. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { identity } = http.getRequest<Request>();
    if (!identity) throw new Error('A rate-limited route must not be public: there is nobody to count for');
    const decision = await this.limiter.take({
      key: holderOf(identity),
      limit: identity.requestsPerMinute ?? this.userLimit.requestsPerMinute,
    });
    announce(decision, http.getResponse<Reply>());
    if (!decision.allowed) throw refusal(decision);
    return true;
  }
}

/** Counts the route's calls against its caller's requests per minute, after IdentityGuard. */
export const RateLimited = (): ClassDecorator & MethodDecorator => applyDecorators(UseGuards(RateLimitGuard));

/** The names and forms of OpenAI's (platform.openai.com/docs/guides/rate-limits), which its clients know how to read. */
function announce({ limit, remaining, resetMs }: Decision, reply: Reply): void {
  reply.header('x-ratelimit-limit-requests', limit);
  reply.header('x-ratelimit-remaining-requests', remaining);
  reply.header('x-ratelimit-reset-requests', formatDuration(resetMs));
}

const refusal = ({ limit, retryAfterMs }: Decision): AppError =>
  new AppError('request.rate_limited', { detail: `At most ${limit} requests a minute`, retryAfterMs });
