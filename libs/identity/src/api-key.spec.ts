import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWellFormedApiKey, mintApiKey } from './api-key.js';

/** Made by Python's zlib.crc32 over the same 47 characters, so that an edge in another language can check itself on it. */
const known = 'ply_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0StQ0k';

describe('API key format', () => {
  it('accepts a key computed elsewhere by the documented algorithm', () => {
    expect(isWellFormedApiKey(known)).toBe(true);
  });

  it('mints keys of 53 characters that pass their own check, and never the same twice', () => {
    const minted = Array.from({ length: 500 }, mintApiKey);

    expect(minted.every((key) => /^ply_[0-9A-Za-z]{49}$/.test(key) && isWellFormedApiKey(key))).toBe(true);
    expect(new Set(minted).size).toBe(500);
  });

  it('refuses every key with one character changed', () => {
    fc.assert(
      fc.property(fc.nat(52), fc.constantFrom(...Array.from('0123456789ABCXYZabcxyz_-')), (at, other) => {
        const changed = known.slice(0, at) + other + known.slice(at + 1);
        expect(isWellFormedApiKey(changed)).toBe(changed === known);
      }),
    );
  });

  it.each(['', 'ply_', known.slice(0, -1), `${known}0`, ` ${known}`, `${known}\n`, known.toUpperCase()])(
    'refuses %j',
    (text) => {
      expect(isWellFormedApiKey(text)).toBe(false);
    },
  );
});
