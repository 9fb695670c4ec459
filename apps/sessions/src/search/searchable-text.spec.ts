import { describe, expect, it } from '@jest/globals';
import type { Block } from '@parley/contracts';
import { maxSearchedText, searchableText, toolUses } from './searchable-text.js';

const text = (words: string): Block => ({ type: 'text', text: words });
const call = (name: string): Block => ({ type: 'tool_call', id: 'c', name, arguments: '{}' });

describe('what is searched of a message', () => {
  it('is what it says in words', () => {
    const content = [
      text('One'),
      { type: 'reasoning' as const, text: 'Hm' },
      call('tool'),
      { type: 'refusal' as const, text: 'No' },
    ];
    expect(searchableText({ content })).toBe('One\nNo');
  });

  it('has neither U+0000 nor half a character, and as many places as what was said', () => {
    expect(searchableText({ content: [text('a\0b\ud800c')] })).toBe('a b\ufffdc');
  });

  it('is no longer than so many characters, wherever it is cut', () => {
    const content = [text('x'.repeat(maxSearchedText - 3)), text('😀'.repeat(9)), text('y')];
    const searched = searchableText({ content });
    expect(searched).toBe(`${'x'.repeat(maxSearchedText - 3)}\n😀`);
  });
});

it('tools are counted by name, of any name', () => {
  expect(toolUses({ content: [call('a'), call('b\0\ud800'), text('a'), call('a'), call('c'.repeat(300))] })).toEqual([
    { name: 'a', calls: 2 },
    { name: 'b \ufffd', calls: 1 },
    { name: 'c'.repeat(256), calls: 1 },
  ]);
});
