import type { TokenCounts } from '@parley/contracts';

/** Selects the sums of the five classes of tokens; {@link toTokens} reads them. */
export const tokenSums = `coalesce(sum(input), 0) as input, coalesce(sum(output), 0) as output,
  coalesce(sum(cache_read), 0) as cache_read, coalesce(sum(cache_write), 0) as cache_write,
  coalesce(sum(reasoning), 0) as reasoning`;

export type TokenSums = Readonly<Record<keyof TokenCounts, string>>;

/** bigint and numeric arrive as text; sums stay far below 2^53. */
export const toTokens = (row: TokenSums): TokenCounts => ({
  input: Number(row.input),
  output: Number(row.output),
  cache_read: Number(row.cache_read),
  cache_write: Number(row.cache_write),
  reasoning: Number(row.reasoning),
});
