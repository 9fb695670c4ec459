import { expect, it } from '@jest/globals';
import { formatDuration } from './duration.js';

it.each([
  [0, '0ms'],
  [120, '120ms'],
  [999.2, '1000ms'],
  [1_000, '1s'],
  [1_200, '1.2s'],
  [1_201, '1.3s'],
  [59_990, '1m0s'],
  [60_000, '1m0s'],
  [119_000, '1m59s'],
])('writes %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
