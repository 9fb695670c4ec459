import { fits, type Rule, type State, type Taken } from './sliding-window.js';

/** What a caller is told of one window. */
export interface Decision {
  /** False where this window had no room. */
  readonly allowed: boolean;
  readonly limit: number;
  /** Calls that would be allowed right now. */
  readonly remaining: number;
  /** Until the window at hand ends. */
  readonly resetMs: number;
  /** Until a call of the same cost is allowed if nobody calls meanwhile; 0 where there was room for this one. */
  readonly retryAfterMs: number;
  /** `local` while Redis is away: then each instance counts for itself. */
  readonly source: 'redis' | 'local';
}

/** What is told of each window of a call: of one that was refused, also which of them had room. */
export const decide = (
  { allowed, states }: Taken,
  rules: readonly Rule[],
  source: Decision['source'],
): readonly Decision[] =>
  states.map((state, at) => {
    const rule = rules[at];
    if (!rule) throw new RangeError('A window without a rule');
    return told(state, rule, allowed || fits(state, rule), source);
  });

function told(state: State, rule: Rule, allowed: boolean, source: Decision['source']): Decision {
  const { current, previous, elapsedMs } = state;
  const { limit, windowMs } = rule;
  const used = current + (previous * (windowMs - elapsedMs)) / windowMs;
  return {
    allowed,
    limit,
    remaining: Math.max(0, Math.floor(limit - used)),
    resetMs: windowMs - elapsedMs,
    retryAfterMs: allowed ? 0 : untilFits(state, rule),
    source,
  };
}

/** When what counts has faded enough: within this window by the one before, else in the next one by this one. */
function untilFits({ current, previous, elapsedMs }: State, { limit, windowMs, needs }: Rule): number {
  const room = limit - needs;
  if (room < 0) return windowMs;
  const atMs =
    current <= room ? fadedAt(previous, room - current, windowMs) : windowMs + fadedAt(current, room, windowMs);
  return Math.max(1, Math.ceil(atMs - elapsedMs));
}

/** How far into the next window `count` weighs no more than `room`. */
const fadedAt = (count: number, room: number, windowMs: number): number =>
  count <= room ? 0 : windowMs * (1 - room / count);
