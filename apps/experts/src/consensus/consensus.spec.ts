import { describe, expect, it } from '@jest/globals';
import { mostCentral } from './medoid.js';
import { plurality } from './plurality.js';
import { similarities } from './similarity.js';

describe('a vote’s consensus', () => {
  it.each([
    [['b', 'a', 'b'], 'b', 2 / 3],
    [['a', 'b', 'b'], 'b', 2 / 3],
    [['a', 'a', 'a'], 'a', 1],
    [['a'], 'a', 1],
    [['a', 'b', 'c', 'c', 'd'], 'c', 2 / 5],
  ])('of %j is the option with the most votes', (votes, consensus, agreement) => {
    expect(plurality(votes)).toEqual({ consensus, agreement });
  });

  it.each([
    [['a', 'b'], 1 / 2],
    [['a', 'b', 'c'], 1 / 3],
    [['a', 'b', 'b', 'a', 'c'], 2 / 5],
  ])('of %j is none, since the leaders tie', (votes, agreement) => {
    expect(plurality(votes)).toEqual({ consensus: null, agreement });
  });

  it('is nothing where nobody voted', () => {
    expect(plurality([])).toEqual({ consensus: null, agreement: null });
  });
});

describe('the most central answer', () => {
  const moon = 'The moon is about 384,400 kilometres away from the earth.';
  const alike = 'The moon is roughly 384,400 kilometres away from us.';
  const other = 'Bananas are rich in potassium.';

  it('is the one that is most like the others, wherever it stands', () => {
    const between = 'The moon is about 384,400 kilometres away from us.';
    for (const answers of [
      [other, alike, between, moon],
      [between, moon, alike, other],
    ])
      expect(mostCentral(answers).consensus).toBe(between);
  });

  it('has the mean of its likeness to the others as agreement', () => {
    const answers = [moon, alike, other];
    const [[, toAlike = NaN, toOther = NaN] = []] = similarities(answers);
    expect(mostCentral(answers)).toEqual({ consensus: moon, agreement: (toAlike + toOther) / 2 });
  });

  it.each([
    ['a single answer', [moon], moon, 1],
    ['answers that are all the same', [moon, moon, moon], moon, 1],
    ['answers without a word in common', [moon, 'xyz'], moon, 0],
    ['answers without any word', ['…', '…'], '…', 1],
    ['no answer', [], null, null],
  ])('of %s', (_what, answers, consensus, agreement) => {
    expect(mostCentral(answers)).toEqual({ consensus, agreement });
  });
});

describe('the likeness of two texts', () => {
  const likeness = (a: string, b: string) => similarities([a, b])[0]?.[1] ?? NaN;

  it('does not depend on their order, on case or on punctuation', () => {
    expect(likeness('Yes, it is!', 'it rains')).toBeCloseTo(likeness('it rains', 'Yes, it is!'), 12);
    expect(likeness('Yes, it is!', 'yes it IS')).toBeCloseTo(1, 12);
  });

  it('is more for the same words in the same order', () => {
    expect(likeness('man bites dog', 'man bites dog now')).toBeGreaterThan(
      likeness('man bites dog', 'dog bites man now'),
    );
  });

  it('knows words in scripts without spaces', () => {
    expect(likeness('月球距离地球很远', '月球距离地球很近')).toBeGreaterThan(
      likeness('月球距离地球很远', '香蕉富含钾'),
    );
  });

  it('is from 0 to 1 for all of several texts', () => {
    const all = similarities(['a b c', 'a b d', 'x', '', 'a b c']).flat();
    expect(Math.min(...all)).toBe(0);
    expect(Math.max(...all)).toBe(1);
  });
});
