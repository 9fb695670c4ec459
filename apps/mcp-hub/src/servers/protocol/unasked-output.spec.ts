import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { UnaskedOutput } from './unasked-output.js';

const mebibyte = 1_024 * 1_024;

it('is put up with up to 64 MiB in ten seconds, and anew in the next ten', async () => {
  const clock = new ManualClock();
  const sut = new UnaskedOutput(clock);
  expect([sut.add(64 * mebibyte), sut.add(1)]).toEqual([false, true]);
  await clock.advance(10_000);
  expect(sut.add(64 * mebibyte)).toBe(false);
});
