import { expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { mintDemoKey } from './demo-key.ts';

it('mints keys in the form that auth accepts: a prefix, 43 digits of secret, 6 of checksum', () => {
  const key = mintDemoKey();

  expect(key).toMatch(/^ply_[0-9A-Za-z]{49}$/);
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const checksum = Array.from(key.slice(-6)).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
  expect(checksum).toBe(crc32(key.slice(0, -6)));
});

it('never mints the same key twice', () => {
  expect(mintDemoKey()).not.toBe(mintDemoKey());
});
