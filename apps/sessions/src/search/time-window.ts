/** How far back a search has come: everything newer was looked at. Microseconds since 1970, which a number holds exactly. */
export interface Bound {
  readonly at: number;
  /** Of messages of this very moment, those with lower ids are still to be looked at. */
  readonly id: string;
}

/** All messages of a stretch of time that are older than where the search has come. */
export interface TimeWindow {
  /** It is 2^level microseconds long; 0 stands for all of time. The index has an entry of each message for each level. */
  readonly level: number;
  readonly start: number;
}

/** As the index has them: from two seconds to 1.1 years, and `ever`. */
const levels = [21, 24, 27, 30, 33, 36, 39, 42, 45];
const finest = Math.min(...levels);
export const ever = 0;
/** What `ever` counts as, when the next window is chosen. */
const everLevel = 48;

/** 19 hours: what is common in a busy tenant is there at once, and what is rare is looked for everywhere next. */
export const firstLevel = 36;

/** More than any id. */
export const anyId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export const windowAt = (level: number, { at }: Bound): TimeWindow => ({
  level,
  start: level === ever ? 0 : Math.floor(at / 2 ** level) * 2 ** level,
});

/** Where a search has come that has looked through the window. */
export const before = ({ start }: TimeWindow): Bound => ({ at: start - 1, id: anyId });

/** The next finer window of the same end; undefined for the finest. */
export function finer(level: number): number | undefined {
  if (level === finest) return undefined;
  return level === ever ? levels.at(-1) : level - 3;
}

/** The longest window that has about `wanted` messages, if they go on as densely as the `seen` ones did for `coveredUs`. */
export function nextLevel(wanted: number, seen: number, coveredUs: number): number {
  const longest = Math.log2((wanted * coveredUs) / (seen + 1));
  if (longest >= everLevel) return ever;
  return levels.findLast((level) => level <= longest) ?? finest;
}
