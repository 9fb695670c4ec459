import { describe, expect, it } from '@jest/globals';
import { digestOf, isSecretOf, mintClientSecret } from './client-secret.js';

const now = new Date('2026-01-01T12:00:00Z');
const later = new Date('2026-01-01T13:00:00Z');
const [secret, old] = [mintClientSecret(), mintClientSecret()];
const client = { current: digestOf(secret), previous: digestOf(old), previousExpiresAt: later };

it('secrets are told by their prefix, and never the same', () => {
  expect(secret).toMatch(/^pls_[\w-]{43}$/);
  expect(secret).not.toBe(old);
});

describe('a client', () => {
  it('is known by its secret, and by the one before until that expires', () => {
    expect(isSecretOf(client, secret, now)).toBe(true);
    expect(isSecretOf(client, old, now)).toBe(true);
    expect(isSecretOf(client, old, later)).toBe(false);
    expect(isSecretOf(client, secret, later)).toBe(true);
  });

  it('is known by nothing else, its stored digest included', () => {
    for (const wrong of ['', 'pls_', mintClientSecret(), client.current, `${secret} `])
      expect(isSecretOf(client, wrong, now)).toBe(false);
    expect(isSecretOf({ ...client, previous: null, previousExpiresAt: null }, old, now)).toBe(false);
  });

  it('that does not exist is known by nothing', () => {
    for (const secret of ['', '0'.repeat(64), mintClientSecret()])
      expect(isSecretOf(undefined, secret, now)).toBe(false);
  });
});
