import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { AppError } from '@parley/contracts';
import { Clock, Log } from '@parley/service-kit';
import { decide, foresee, type Decision } from './decision.js';
import { LocalWindows } from './local-windows.js';
import { RedisWindows } from './redis-window.js';
import type { Rule, Taken } from './sliding-window.js';

export interface Take {
  /** What is limited; with its tenant in it where it belongs to one. */
  readonly key: string;
  readonly limit: number;
  /** Default a minute. */
  readonly windowMs?: number;
  /** Default 1. */
  readonly cost?: number;
}

const minuteMs = 60_000;
/** Whatever is taken fits; its product with a window is no whole number any more, and need not be one. */
const noLimit = Number.MAX_SAFE_INTEGER;

/** Counts calls by key, together with the other instances in Redis, or alone while Redis is away. It never fails a call. */
@Injectable()
export class RateLimiter {
  private readonly shared: RedisWindows;
  private readonly own: LocalWindows;
  private source: Decision['source'] = 'redis';

  constructor(
    private readonly redis: RedisConnection,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.shared = new RedisWindows(redis);
    this.own = new LocalWindows(clock);
  }

  async take({ key, limit, windowMs = minuteMs, cost = 1 }: Take): Promise<Decision> {
    const rule = { limit, windowMs, cost };
    const shared = await this.takeShared(key, rule);
    return decide(shared ?? this.own.take(key, rule), rule, shared ? 'redis' : 'local');
  }

  /** As `take`, for what is refused when there is no room. @throws AppError request.rate_limited with this detail. */
  async demand(take: Take, detail: string): Promise<void> {
    const { allowed, retryAfterMs } = await this.take(take);
    if (!allowed) throw new AppError('request.rate_limited', { detail, retryAfterMs });
  }

  /** What a `take` of one would be told, without taking it: for what costs nobody knows how much before it is done. */
  async look({ key, limit, windowMs = minuteMs }: Omit<Take, 'cost'>): Promise<Decision> {
    const nothing = { limit, windowMs, cost: 0 };
    const shared = await this.takeShared(key, nothing);
    return foresee(shared ?? this.own.take(key, nothing), { ...nothing, cost: 1 }, shared ? 'redis' : 'local');
  }

  /** Takes what was used, also where it is more than there was: later calls then wait until it has faded. */
  async charge({ key, windowMs = minuteMs, cost = 1 }: Omit<Take, 'limit'>): Promise<void> {
    const rule = { limit: noLimit, windowMs, cost };
    if (!(await this.takeShared(key, rule))) this.own.take(key, rule);
  }

  /** Undoes a `take` that turned out not to count, for example of an attempt that succeeded. */
  async giveBack({ cost = 1, ...taken }: Take): Promise<void> {
    await this.take({ ...taken, cost: -cost });
  }

  /** Undefined where Redis does not answer. */
  private async takeShared(key: string, rule: Rule): Promise<Taken | undefined> {
    if (!this.redis.available) {
      this.countAlone();
      return undefined;
    }
    try {
      const taken = await this.shared.take(key, rule);
      this.countTogether();
      return taken;
    } catch (error) {
      this.countAlone(error);
      return undefined;
    }
  }

  private countTogether(): void {
    if (this.source === 'redis') return;
    this.source = 'redis';
    this.log.info('rate limits are shared through Redis again');
  }

  private countAlone(err?: unknown): void {
    if (this.source === 'local') return;
    this.source = 'local';
    this.log.warn({ err }, 'Redis does not answer; each instance keeps rate limits for itself');
  }
}
