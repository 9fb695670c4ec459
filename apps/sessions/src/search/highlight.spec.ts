import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fragmentsOf } from './highlight.js';

const [open, close] = ['\u0001', '\u0002'];
const mark = (words: string) => `${open}${words}${close}`;
const textsOf = (fragments: ReturnType<typeof fragmentsOf>) =>
  fragments.map((parts) => parts.map(({ text }) => text).join(''));

describe('fragments', () => {
  it('are of the text, with its own characters where those that mark it had to give way', () => {
    expect(fragmentsOf('<b>Far\u0001</b> away', ` b ${mark('Far')}   b  away`)).toEqual([
      [
        { text: '<b>', match: false },
        { text: 'Far', match: true },
        { text: '\u0001</b> away', match: false },
      ],
    ]);
  });

  it('hold what is near each other together, and leave out what is far', () => {
    const [far, wide] = ['.'.repeat(300), '.'.repeat(80)];
    const of = (between: string) => (word: (it: string) => string) => `${word('a')}${between}${word('b')}`;
    const plain = (it: string) => it;
    expect(fragmentsOf(of(wide)(plain), of(wide)(mark))).toHaveLength(1);
    expect(textsOf(fragmentsOf(of(far)(plain), of(far)(mark)))).toEqual([`a${wide}`, `${wide}b`]);
  });

  it('are three at most, and no longer than 500 characters, however much matches', () => {
    const all = Array.from({ length: 2_000 }, (_, n) => `word${n}`);
    const fragments = fragmentsOf(all.join(' '), all.map(mark).join(' '));
    expect(fragments).toHaveLength(3);
    expect(textsOf(fragments).every(({ length }) => length > 100 && length < 500)).toBe(true);
  });

  it.each([
    ['nothing is marked', 'Some text'],
    ['the marked text is another', `${mark('Some')} texts`],
  ])('are the beginning where %s', (_, marked) => {
    expect(fragmentsOf('Some text', marked)).toEqual([[{ text: 'Some text', match: false }]]);
    expect(textsOf(fragmentsOf('x'.repeat(999), marked))).toEqual(['x'.repeat(200)]);
  });

  it('of any text are well-formed parts of it, that do not overlap, with the words marked that were', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 150 }).map((it) => it.replaceAll(/[\u0001\u0002]/g, ''));
    fc.assert(
      fc.property(fc.array(fc.record({ words, match: fc.boolean() })), (pieces) => {
        const text = pieces.map((piece) => piece.words).join('');
        const fragments = fragmentsOf(
          text,
          pieces.map((piece) => (piece.match ? mark(piece.words) : piece.words)).join(''),
        );
        let at = 0;
        for (const found of textsOf(fragments)) {
          const from = text.indexOf(found, at);
          expect(from).toBeGreaterThanOrEqual(at);
          expect(found.isWellFormed()).toBe(true);
          at = from + found.length;
        }
        const marked = new Set(pieces.filter(({ match }) => match).map((piece) => piece.words));
        for (const part of fragments.flat()) if (part.match) expect(marked).toContain(part.text);
      }),
    );
  });
});
