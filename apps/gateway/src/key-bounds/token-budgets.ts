import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type TokenCounts } from '@parley/contracts';
import { holderOf, RateLimiter, type Decision } from '@parley/limits';
import { Clock } from '@parley/service-kit';

/** A key's tokens of the minute. */
export interface Budget extends Decision {
  /** When the window at hand ends. */
  readonly resetsAt: Date;
}

/** All that was processed: the classes do not overlap, so what came from a cache counts once. */
const total = (tokens: TokenCounts): number => Object.values(tokens).reduce((sum, count) => sum + count, 0);

/** What is left of it after an answer. */
export const spent = (budget: Budget, tokens: TokenCounts): Budget => ({
  ...budget,
  remaining: Math.max(0, budget.remaining - total(tokens)),
});

/** @throws AppError request.rate_limited where the tokens of the minute are used up. */
export function demandRoom({ allowed, limit, retryAfterMs }: Budget): void {
  if (allowed) return;
  throw new AppError('request.rate_limited', { detail: `At most ${limit} tokens a minute`, retryAfterMs });
}

/**
 * Keys' tokens per minute. A call is let in while there is one token left, and charged with what it really used: those
 * that are under way when the last is gone may go over, and the calls after them wait for it.
 */
@Injectable()
export class TokenBudgets {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly clock: Clock,
  ) {}

  /** Undefined, and nobody asked, for callers whose tokens are not limited. */
  async of(caller: Identity): Promise<Budget | undefined> {
    const limit = caller.tokensPerMinute;
    if (limit === undefined) return undefined;
    const decision = await this.limiter.look({ key: keyOf(caller), limit });
    return { ...decision, resetsAt: new Date(this.clock.now() + decision.resetMs) };
  }

  /** Resolves when it is counted; never rejects. */
  async charge(caller: Identity, tokens: TokenCounts): Promise<void> {
    if (caller.tokensPerMinute === undefined) return;
    await this.limiter.charge({ key: keyOf(caller), cost: total(tokens) });
  }
}

const keyOf = (caller: Identity): string => `${holderOf(caller)}:tokens`;
