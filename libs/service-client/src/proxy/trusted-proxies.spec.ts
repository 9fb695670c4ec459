import type { Socket } from 'node:net';
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

it.each<[string | undefined, string | undefined, string | undefined, string]>([
  ['192.0.2.1', undefined, '192.0.2.1', 'a client that comes straight to us'],
  ['::ffff:192.0.2.1', undefined, '192.0.2.1', 'an address of the other family’s socket'],
  ['192.0.2.1', '203.0.113.9', '192.0.2.1', 'a client that claims another address'],
  ['10.0.0.1', '192.0.2.1', '192.0.2.1', 'a client behind a proxy'],
  ['10.0.0.1', '203.0.113.9, 192.0.2.1, 10.0.0.2', '192.0.2.1', 'a client behind two, that claims another address'],
  ['10.0.0.1', undefined, '10.0.0.1', 'a proxy itself'],
  ['10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3', 'a proxy behind proxies'],
  ['10.0.0.1', 'unknown', undefined, 'a client whom the proxy cannot name'],
  ['10.0.0.1', '192.0.2.1, ', undefined, 'a list that ends in nothing'],
  [undefined, undefined, undefined, 'a connection that is gone'],
])('from %s for %s comes %s: %s', (remoteAddress, forwardedFor, client, _) => {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const socket = { remoteAddress } as Socket;
  expect(new TrustedProxies(['10.0.0.0/8']).clientOf({ headers, socket })).toBe(client);
});
