import { expect, it } from '@jest/globals';
import { hasAddress, isWithin } from './address-blocks.js';

const blocks = ['192.0.2.7', '198.51.100.0/24', '2001:db8::/32'];

it.each(['192.0.2.7', '198.51.100.0', '198.51.100.255', '2001:db8::1', '::ffff:192.0.2.7', '::ffff:c633:6401'])(
  'the address %s is in its block, however it is written',
  (address) => {
    expect(hasAddress(blocks, address)).toBe(true);
  },
);

it.each(['192.0.2.8', '198.51.101.0', '2001:db9::1', '::1', '::ffff:192.0.2.8'])(
  'the address %s is in none',
  (address) => {
    expect(hasAddress(blocks, address)).toBe(false);
  },
);

it.each([
  ['192.0.2.7', true],
  ['192.0.2.7/32', true],
  ['192.0.2.0/24', false],
  ['198.51.100.128/25', true],
  ['198.51.100.0/24', true],
  ['198.51.100.0/23', false],
  ['0.0.0.0/0', false],
  ['2001:db8:1::/48', true],
  ['2001:db8::/31', false],
  ['::/0', false],
  ['::ffff:198.51.100.0/120', true],
  ['::ffff:198.51.100.0/119', false],
])('whether all of %s is within them is %s', (block, within) => {
  expect(isWithin(block, blocks)).toBe(within);
});
