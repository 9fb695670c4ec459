import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { mintRefreshToken, RefreshTokens } from './refresh-tokens.js';

const key = randomBytes(32);
const newTokens = (AUTH_ENCRYPTION_KEY = key) => new RefreshTokens({ AUTH_ENCRYPTION_KEY, REFRESH_GRACE_S: 10 });

describe('refresh tokens', () => {
  it('are 256 bits under a prefix, each another', () => {
    const minted = new Set(Array.from({ length: 100 }, () => mintRefreshToken()));

    expect(minted.size).toBe(100);
    for (const token of [...minted, newTokens().successorOf('x')]) expect(token).toMatch(/^plr_[\w-]{43}$/);
  });

  it('have one successor each, the same for every instance with the same key and another with any other', () => {
    const [one, other] = [mintRefreshToken(), mintRefreshToken()];
    const successor = newTokens().successorOf(one);

    expect(newTokens().successorOf(one)).toBe(successor);
    expect(newTokens().successorOf(other)).not.toBe(successor);
    expect(newTokens(randomBytes(32)).successorOf(one)).not.toBe(successor);
    expect(newTokens().successorOf(successor)).not.toBe(one);
  });
});
