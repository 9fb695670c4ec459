/** Tries of one account or one address. Each counts as wrong from its beginning until it turns out right. */
export interface Tries {
  /** When none of them counts any more, in milliseconds: each adds one `maxDelayMs`. */
  readonly forgottenAt: number;
  /** No try before this. */
  readonly lockedUntil: number;
}

export interface LockoutRule {
  /** The first try that is followed by a delay: of a second, doubled by each further one. */
  readonly delayedFrom: number;
  /** What the delay grows to, and also how long it takes until one try is forgotten. */
  readonly maxDelayMs: number;
}

const firstDelayMs = 1_000;

/** How long the next try has to wait, 0 where it may be made. */
export const waitMs = (kept: Tries | undefined, now: number): number => Math.max(0, (kept?.lockedUntil ?? 0) - now);

/** Counts one more. The same in Lua is in redis-tries.ts; a test compares them. */
export function addTry(kept: Tries | undefined, now: number, { delayedFrom, maxDelayMs }: LockoutRule): Tries {
  const forgottenAt = Math.max(kept?.forgottenAt ?? 0, now) + maxDelayMs;
  const doublings = Math.ceil((forgottenAt - now) / maxDelayMs) - delayedFrom;
  return {
    forgottenAt,
    lockedUntil: doublings < 0 ? 0 : now + Math.min(firstDelayMs * 2 ** doublings, maxDelayMs),
  };
}

/** Takes a try back, with the delay that it led to; one that a later try led to stays. */
export const takeBack = (kept: Tries, made: Tries, { maxDelayMs }: LockoutRule): Tries => ({
  forgottenAt: kept.forgottenAt - maxDelayMs,
  lockedUntil: kept.lockedUntil === made.lockedUntil ? 0 : kept.lockedUntil,
});
