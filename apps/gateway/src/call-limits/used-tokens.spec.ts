import { expect, it } from '@jest/globals';
import { usedTokens } from './used-tokens.js';

it('counts each token once, of which class ever: 100 of the 111 that went in came from a cache or went into it', () => {
  expect(usedTokens({ input: 11, output: 20, cache_read: 70, cache_write: 30, reasoning: 5 })).toBe(136);
});
