import { z } from 'zod';

/** A model as callers name it: 1–256 printable ASCII characters; the name is stored, indexed and logged. */
export const modelName = z.string().regex(/^[\x21-\x7e]{1,256}$/, 'must be 1 to 256 printable characters');

const count = z.int().min(0);

/**
 * Tokens in five classes that do not overlap, so that their sum is what the provider processed:
 * `input` without cache, `output` without reasoning.
 */
export const tokenCounts = z
  .strictObject({ input: count, output: count, cache_read: count, cache_write: count, reasoning: count })
  .meta({ id: 'TokenCounts' });
export type TokenCounts = z.infer<typeof tokenCounts>;

export const noTokens: TokenCounts = { input: 0, output: 0, cache_read: 0, cache_write: 0, reasoning: 0 };
