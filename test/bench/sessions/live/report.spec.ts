import { expect, it } from '@jest/globals';
import { deltas } from '../../gateway/wire.ts';
import { summarise } from './report.ts';

/** Words that came one every ten milliseconds, so many later than the provider gave them. */
const heard = (lateMs: number, doubles = 0) => ({
  at: Array.from({ length: deltas }, (_, word) => word * 10 + lateMs),
  doubles,
});

it('measures each word of each reader against when the caller had it', () => {
  const summary = summarise([{ caller: heard(1), readers: [heard(3), heard(5)] }], 0);

  expect(summary).toMatchObject({ streams: 1, readers: 2, words: 2 * deltas, added_p50_ms: 4, added_p99_ms: 4 });
  expect(summary.faults).toEqual([]);
});

it('leaves out what was told before all readers had come', () => {
  expect(summarise([{ caller: heard(0), readers: [heard(2)] }], 105)).toMatchObject({ words: deltas - 11 });
});

it('proves nothing with a word missed, a word twice, or none to measure', () => {
  const part = { at: heard(0).at.slice(1), doubles: 0 };

  expect(summarise([{ caller: heard(0), readers: [part, heard(0, 1)] }], Infinity).faults).toEqual([
    '1 readers missed words',
    '1 readers had words twice',
    'no word was told after all readers had come',
  ]);
});
