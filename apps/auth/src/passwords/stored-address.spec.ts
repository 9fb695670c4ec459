import { expect, it } from '@jest/globals';
import { storedAddress } from './stored-address.js';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['192.0.2.256', null],
  ['unknown', null],
  ['', null],
])('%j is stored as %j', (address, stored) => {
  expect(storedAddress(address)).toBe(stored);
});
