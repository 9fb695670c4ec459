import { Injectable } from '@nestjs/common';
import type { Identity } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { Admission, type Told } from './admission.js';
import { boundsOf, type Bound, type Unit } from './bounds.js';
import { LimitBook } from './limit-book.js';
import type { LimitHeaders } from './limit-headers.js';
import { RateLimiter, type Entered } from './rate-limiter.js';

/** Nobody can say when a stream will end. */
const streamRetryMs = 1_000;

/** The limits of keys, users and tenants together: a call has room in all of them, or takes from none. */
@Injectable()
export class CallerLimits {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly book: LimitBook,
    private readonly clock: Clock,
  ) {}

  /**
   * One request, where `units` has them. Of tokens there must be one left: what a call uses is known when it has ended, and
   * charged then. A stream has its place until that is left. Nobody is asked for a caller without limits.
   */
  async admit(caller: Identity, units: readonly Unit[], headers: LimitHeaders): Promise<Admission> {
    const bounds = boundsOf(caller, this.book.of(caller.tenantId), units);
    if (bounds.length === 0) return new Admission(units, [], headers, this.clock);
    const streams = units.includes('streams') ? bounds.filter(isOfStreams) : [];
    const windows = streams.length > 0 ? bounds.filter((bound) => !isOfStreams(bound)) : bounds;
    const entered = await this.limiter.enter({ windows: windows.map(toTake), streams });
    return new Admission(units, this.toldOf(windows, streams, entered), headers, this.clock, entered.lease);
  }

  /** Resolves when it is counted; never rejects. */
  async chargeTokens(caller: Identity, tokens: number): Promise<void> {
    const bounds = boundsOf(caller, this.book.of(caller.tenantId), ['tokens']);
    const keys = bounds.map(({ key }) => key);
    await this.limiter.charge(keys, tokens);
  }

  private toldOf(windows: readonly Bound[], streams: readonly Bound[], { allowed, decisions, free }: Entered): Told[] {
    const now = this.clock.now();
    const told: Told[] = [];
    decisions.forEach(({ allowed: isAllowed, remaining, resetMs, retryAfterMs }, at) => {
      const bound = windows[at];
      if (!bound) return;
      const { scope, unit, limit } = bound;
      told.push({ scope, unit, limit, allowed: isAllowed, remaining, retryAfterMs, resetsAt: now + resetMs });
    });
    if (streams.length === 0) return told;
    const held = streams.map((bound, at) => {
      const room = free[at] ?? 0;
      const retryAfterMs = room > 0 ? 0 : streamRetryMs;
      return {
        ...bound,
        allowed: room > 0,
        remaining: Math.max(0, room - (allowed ? 1 : 0)),
        retryAfterMs,
        resetsAt: now,
      };
    });
    return [...told, ...held];
  }
}

const isOfStreams = ({ unit }: Bound): boolean => unit === 'streams';

const toTake = ({ key, limit, unit }: Bound) => ({ key, limit, cost: unit === 'tokens' ? 0 : 1 });
