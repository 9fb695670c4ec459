import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { AppError } from '@parley/contracts';
import { Clock, Log } from '@parley/service-kit';
import { decide, type Decision } from './decision.js';
import { LocalWindows, type AskedWindow } from './local-windows.js';
import { StreamLeases } from './stream-leases.js';
import { RedisAdmissions, type Admitted } from './redis-admissions.js';
import { defaultLeaseMs, type Held, type StreamLimit } from './redis-leases.js';

export interface Take {
  /** What is limited; with its tenant in it where it belongs to one. */
  readonly key: string;
  readonly limit: number;
  /** Default a minute. */
  readonly windowMs?: number;
  /** Default 1; with 0 it looks whether there is room for one, and takes nothing. */
  readonly cost?: number;
}

/** What one call wants of several windows, and which streams it is one of meanwhile: all of it or nothing. */
export interface Entry {
  readonly windows: readonly Take[];
  readonly streams: readonly StreamLimit[];
}

/** A lease of one stream under each of the limits that were asked for. */
export interface StreamLease {
  /** Once is enough; more do nothing. */
  leave(): void;
}

export interface Entered {
  readonly allowed: boolean;
  /** In the order of the windows; none where the streams alone decided. */
  readonly decisions: readonly Decision[];
  /** How many streams each limit had room for, in their order. */
  readonly free: readonly number[];
  /** Where streams are limited and the call was allowed. */
  readonly lease?: StreamLease;
}

const minuteMs = 60_000;

/** Counts calls by key, together with the other instances in Redis, or alone while Redis is away. It never fails a call. */
@Injectable()
export class RateLimiter {
  private readonly shared: RedisAdmissions;
  private readonly own: LocalWindows;
  private source: Decision['source'] = 'redis';

  constructor(
    private readonly redis: RedisConnection,
    private readonly leases: StreamLeases,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.shared = new RedisAdmissions(redis, defaultLeaseMs);
    this.own = new LocalWindows(clock);
  }

  async take(take: Take): Promise<Decision> {
    const [decision] = (await this.enter({ windows: [take], streams: [] })).decisions;
    if (!decision) throw new RangeError('A window without a decision');
    return decision;
  }

  /** As `take`, for what is refused when there is no room. @throws AppError request.rate_limited with this detail. */
  async demand(take: Take, detail: string): Promise<void> {
    const { allowed, retryAfterMs } = await this.take(take);
    if (!allowed) throw new AppError('request.rate_limited', { detail, retryAfterMs });
  }

  /** Takes what was used, also where it is more than there was: later calls then wait until it has faded. */
  async charge(keys: readonly string[], cost: number): Promise<void> {
    if (cost === 0 || keys.length === 0) return;
    const rule = { limit: 0, windowMs: minuteMs, cost, needs: 0 };
    await this.ask(keys.map((key) => ({ key, rule })));
  }

  /** Takes from every window and enters every set or, where one has no room, takes nothing at all. */
  async enter({ windows, streams }: Entry): Promise<Entered> {
    const own = streams.map((limit) => this.leases.countIn(limit));
    if (streams.some(({ limit }, at) => (own[at] ?? 0) >= limit))
      return { allowed: false, decisions: [], free: freeIn(streams, own) };
    const held = streams.length > 0 ? this.leases.hold(streams) : undefined;
    const asked = windows.map(toAsked);
    const { allowed, states, inside, source } = await this.ask(asked, held);
    const rules = asked.map(({ rule }) => rule);
    const decisions = decide({ allowed, states }, rules, source);
    const free = freeIn(streams, source === 'redis' ? inside : own);
    if (held && allowed) return { allowed, decisions, free, lease: { leave: () => this.leases.leave(held) } };
    if (held) this.leases.release(held);
    return { allowed, decisions, free };
  }

  private async ask(windows: readonly AskedWindow[], held?: Held): Promise<Admitted & Pick<Decision, 'source'>> {
    const shared = await this.askRedis(windows, held);
    return shared ? { ...shared, source: 'redis' } : { ...this.own.take(windows), inside: [], source: 'local' };
  }

  /** Undefined where Redis does not answer. */
  private async askRedis(windows: readonly AskedWindow[], held: Held | undefined): Promise<Admitted | undefined> {
    if (!this.redis.available) {
      this.countAlone();
      return undefined;
    }
    try {
      const admitted = await this.shared.ask(windows, held);
      this.countTogether();
      return admitted;
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

const freeIn = (streams: readonly StreamLimit[], inside: readonly number[]): readonly number[] =>
  streams.map(({ limit }, at) => Math.max(0, limit - (inside[at] ?? 0)));

const toAsked = ({ key, limit, windowMs = minuteMs, cost = 1 }: Take): AskedWindow => ({
  key,
  rule: { limit, windowMs, cost, needs: Math.max(1, cost) },
});
