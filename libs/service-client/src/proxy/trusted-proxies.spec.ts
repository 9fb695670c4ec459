import { expect, it } from '@jest/globals';
import { TrustedProxies } from './trusted-proxies.js';

it.each([
  ['10.1.2.3', true],
  ['11.1.2.3', false],
  ['192.0.2.1', true],
  ['192.0.2.2', false],
  ['::ffff:10.1.2.3', true],
  ['::ffff:11.1.2.3', false],
  ['2001:db8::7', true],
  ['2001:db9::7', false],
  ['', false],
])('trusts %s: %s', (address, trusted) => {
  expect(new TrustedProxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']).has(address)).toBe(trusted);
});

it('trusts nobody by default', () => {
  expect(new TrustedProxies([]).has('127.0.0.1')).toBe(false);
});
