import type { TokenCounts } from '@parley/contracts';

/** All that was processed: the classes do not overlap, so what came from a cache counts once. */
export const usedTokens = ({ input, output, cache_read, cache_write, reasoning }: TokenCounts): number =>
  input + output + cache_read + cache_write + reasoning;
