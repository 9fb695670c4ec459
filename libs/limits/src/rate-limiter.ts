import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { Clock, Log } from '@parley/service-kit';
import { decide, type Decision } from './decision.js';
import { LocalWindows } from './local-windows.js';
import { RedisWindows } from './redis-window.js';
import type { Rule } from './sliding-window.js';

export interface Take {
  /** What is limited; with its tenant in it where it belongs to one. */
  readonly key: string;
  readonly limit: number;
  /** Default a minute. */
  readonly windowMs?: number;
  /** Default 1. */
  readonly cost?: number;
}

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

  async take({ key, limit, windowMs = 60_000, cost = 1 }: Take): Promise<Decision> {
    const rule = { limit, windowMs, cost };
    return (await this.takeShared(key, rule)) ?? decide(this.own.take(key, rule), rule, 'local');
  }

  /** Undoes a `take` that turned out not to count, for example of an attempt that succeeded. */
  async giveBack({ cost = 1, ...taken }: Take): Promise<void> {
    await this.take({ ...taken, cost: -cost });
  }

  /** Undefined where Redis does not answer. */
  private async takeShared(key: string, rule: Rule): Promise<Decision | undefined> {
    if (!this.redis.available) {
      this.countAlone();
      return undefined;
    }
    try {
      const taken = await this.shared.take(key, rule);
      this.countTogether();
      return decide(taken, rule, 'redis');
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
