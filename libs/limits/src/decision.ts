import { fits, type Rule, type Taken } from './sliding-window.js';

/** What a caller is told. */
export interface Decision {
  readonly allowed: boolean;
  readonly limit: number;
  /** Calls that would be allowed right now. */
  readonly remaining: number;
  /** Until the window at hand ends. */
  readonly resetMs: number;
  /** Until a call of the same cost is allowed if nobody calls meanwhile; 0 where this one was. */
  readonly retryAfterMs: number;
  /** `local` while Redis is away: then each instance counts for itself. */
  readonly source: 'redis' | 'local';
}

export function decide(taken: Taken, rule: Rule, source: Decision['source']): Decision {
  const { allowed, current, previous, elapsedMs } = taken;
  const { limit, windowMs } = rule;
  const used = current + (previous * (windowMs - elapsedMs)) / windowMs;
  return {
    allowed,
    limit,
    remaining: Math.max(0, Math.floor(limit - used)),
    resetMs: windowMs - elapsedMs,
    retryAfterMs: allowed ? 0 : untilFits(taken, rule),
    source,
  };
}

/** What a call of this cost would be told, of a window from which nothing was taken. */
export const foresee = (taken: Taken, rule: Rule, source: Decision['source']): Decision =>
  decide({ ...taken, allowed: fits(taken, rule) }, rule, source);

/** When what counts has faded enough: within this window by the one before, else in the next one by this one. */
function untilFits({ current, previous, elapsedMs }: Taken, { limit, windowMs, cost }: Rule): number {
  const room = limit - cost;
  if (room < 0) return windowMs;
  const atMs =
    current <= room ? fadedAt(previous, room - current, windowMs) : windowMs + fadedAt(current, room, windowMs);
  return Math.max(1, Math.ceil(atMs - elapsedMs));
}

/** How far into the next window `count` weighs no more than `room`. */
const fadedAt = (count: number, room: number, windowMs: number): number =>
  count <= room ? 0 : windowMs * (1 - room / count);
