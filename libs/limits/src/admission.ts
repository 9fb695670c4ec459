import { AppError } from '@parley/contracts';
import type { Clock } from '@parley/resilience';
import type { Bound, Scope, Unit } from './bounds.js';
import { limitField, limitOf, policyField, policyOf, type LimitHeaders } from './limit-headers.js';
import type { StreamLease } from './rate-limiter.js';

/** Where one limit stands. */
export interface Told extends Pick<Bound, 'scope' | 'unit' | 'limit'> {
  /** False where it refused the call. */
  readonly allowed: boolean;
  readonly remaining: number;
  /** When the window at hand ends, in milliseconds since the Unix epoch. */
  readonly resetsAt: number;
  /** 0 where there was room. */
  readonly retryAfterMs: number;
}

interface Reply {
  header(name: string, value: string | number): unknown;
}

const holders: Readonly<Record<Scope, string>> = { key: 'API key', user: 'user', tenant: 'tenant' };
const measures: Readonly<Record<Unit, string>> = {
  requests: 'requests a minute',
  tokens: 'tokens a minute',
  streams: 'streams at a time',
};

/** A call before all the limits that it counts against, and what it took of them. */
export class Admission {
  private lease: StreamLease | undefined;

  constructor(
    /** What it was asked to count. */
    readonly units: readonly Unit[],
    private told: readonly Told[],
    private readonly headers: LimitHeaders,
    private readonly clock: Pick<Clock, 'now'>,
    lease?: StreamLease,
  ) {
    this.lease = lease;
  }

  /** @throws AppError request.rate_limited where a limit has no room: of several the one that takes longest. */
  demand(): void {
    const refused = this.told.filter(({ allowed }) => !allowed);
    if (refused.length === 0) return;
    const { scope, unit, limit, retryAfterMs } = tightest(refused);
    const detail = `At most ${limit} ${measures[unit]} for this ${holders[scope]}`;
    throw new AppError('request.rate_limited', { detail, retryAfterMs });
  }

  /** Its lease of a stream, for whoever leaves it when the answer has ended; once. */
  takeLease(): StreamLease | undefined {
    const { lease } = this;
    this.lease = undefined;
    return lease;
  }

  /** Counts what an answer used off what is left, and tells that; nothing of it to a caller whose tokens are not limited. */
  spend(tokens: number, reply: Reply): void {
    if (!this.told.some(isOfTokens)) return;
    this.told = this.told.map((one) =>
      isOfTokens(one) ? { ...one, remaining: Math.max(0, one.remaining - tokens) } : one,
    );
    const now = this.clock.now();
    reply.header(limitField, limitOf(this.told, now));
    this.tellOf('tokens', reply, now);
  }

  /** In the fields of all APIs every limit that the call counts against, in those of its own API the tightest. */
  tell(reply: Reply): void {
    if (this.told.length === 0) return;
    const now = this.clock.now();
    reply.header(policyField, policyOf(this.told));
    reply.header(limitField, limitOf(this.told, now));
    this.tellOf('requests', reply, now);
    this.tellOf('tokens', reply, now);
  }

  private tellOf(unit: 'requests' | 'tokens', reply: Reply, now: number): void {
    const told = this.told.filter((one) => one.unit === unit);
    if (told.length === 0) return;
    const { limit, remaining, resetsAt } = tightest(told);
    const names = this.headers[unit];
    reply.header(names.limit, limit);
    reply.header(names.remaining, remaining);
    reply.header(names.reset, this.headers.writeReset(resetsAt, now));
  }
}

const isOfTokens = ({ unit }: Told): boolean => unit === 'tokens';

/** What keeps a caller waiting longest, else what is left the least of. */
const tightest = (told: readonly Told[]): Told =>
  told.reduce((a, b) => ((b.retryAfterMs - a.retryAfterMs || a.remaining - b.remaining) > 0 ? b : a));
