import type { Question } from './question.ts';

/** Tokens in classes that do not overlap. */
export interface Usage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Of `cacheWrite`, what is kept for an hour. */
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
}

export const countTokens = (characters: number): number => Math.ceil(characters / 4);

const maxPrefixes = 10_000;
const prefixes = new Set<string>();

/** True from the second time on: a marked prefix is written to the cache once and read from it afterwards. */
function wasCached(key: string): boolean {
  if (prefixes.has(key)) return true;
  const [oldest] = prefixes;
  if (prefixes.size >= maxPrefixes && oldest !== undefined) prefixes.delete(oldest);
  prefixes.add(key);
  return false;
}

/** Four characters are a token; the prompt has at least one. */
export function countUsage({ characters, cached }: Question, output: number, thought: number): Usage {
  const prefix = countTokens(cached?.characters ?? 0);
  const read = cached !== undefined && wasCached(cached.key);
  const cacheWrite = read ? 0 : prefix;
  return {
    input: Math.max(1, countTokens(characters) - prefix),
    cacheRead: read ? prefix : 0,
    cacheWrite,
    cacheWrite1h: cached?.forAnHour ? cacheWrite : 0,
    output: countTokens(output),
    reasoning: countTokens(thought),
  };
}
