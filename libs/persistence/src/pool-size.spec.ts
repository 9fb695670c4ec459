import { expect, it } from '@jest/globals';
import { poolSize } from './pool-size.js';

it.each([
  ['two per core and one for the disk', 4, 1_000, 9],
  ['no more than a tenth of what the server takes', 32, 100, 10],
  ['at least two on the smallest server', 1, 5, 2],
])('opens %s', (_, cores, connections, size) => {
  expect(poolSize({ connections }, cores)).toBe(size);
});
