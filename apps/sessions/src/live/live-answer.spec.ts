import { expect, it } from '@jest/globals';
import type { Block, StreamEvent } from '@parley/contracts';
import { eventsOf, model } from './answers.fixture.js';
import { LiveAnswer } from './live-answer.js';

const text = (words: string): Block => ({ type: 'text', text: words });
const [start, begin, one, two, end] = eventsOf([text('One, two')], [4]) as [
  StreamEvent,
  StreamEvent,
  StreamEvent,
  StreamEvent,
  StreamEvent,
];
const whole = { kind: 'broken' as const, code: 'turn.stopped' as const };

it('an answer is heard in the order of its entries, whatever order they come in, and each counts once', () => {
  const sut = new LiveAnswer();
  sut.hear({ n: 2, events: [two, end] });
  expect([sut.blocks, sut.gap]).toEqual([[], true]);
  sut.hear({ n: 1, events: [start, begin, one] });
  for (const n of [1, 2]) sut.hear({ n, events: [start, begin, one] });
  expect(sut).toMatchObject({ model, blocks: [text('One, two')], whole: 1, gap: false });
});

it('a checkpoint that is behind takes nothing away, and one that is ahead is shown until the entries have caught up', () => {
  const sut = new LiveAnswer();
  sut.hear({ n: 1, events: [start, begin, one] });
  sut.keep({ model, blocks: [text('On')] });
  expect(sut.blocks).toEqual([text('One,')]);
  sut.keep({ model, blocks: [text('One, t')] });
  sut.hear({ n: 3, events: [end] });
  expect(sut).toMatchObject({ blocks: [text('One, t')], whole: 0, gap: true });
  sut.hear({ n: 2, events: [two] });
  expect(sut).toMatchObject({ blocks: [text('One, two')], whole: 1, gap: false });
});

it('once an entry is lost, checkpoints are all that counts', () => {
  const sut = new LiveAnswer();
  sut.hear({ n: 1, events: [start, begin, one] });
  sut.hear({ n: 3, events: [end] });
  sut.lose();
  sut.hear({ n: 2, events: [two] });
  expect(sut).toMatchObject({ blocks: [text('One,')], gap: false, lost: true });
  sut.keep({ model, blocks: [text('One, two')] });
  expect(sut).toMatchObject({ blocks: [text('One, two')], whole: 0 });
});

it('entries that come without end before the one that they follow are given up', () => {
  const sut = new LiveAnswer();
  for (let n = 2; n < 1_100; n++) sut.hear({ n, events: [one] });
  expect(sut).toMatchObject({ lost: true, gap: false });
});

it('what is stored in the end stays', () => {
  const sut = new LiveAnswer();
  sut.end({ model, blocks: [text('One')] }, whole);
  sut.hear({ n: 1, events: [start, begin, one] });
  sut.keep({ model, blocks: [text('One, two')] });
  sut.end({ model, blocks: [] }, { kind: 'broken', code: 'turn.interrupted' });
  expect(sut).toMatchObject({ blocks: [text('One')], whole: 1, ending: whole });
});
