import { expect, it } from '@jest/globals';
import { beginningOf } from './affinity.js';

it('a beginning of many megabytes is named by the first of them', () => {
  const text = 'x'.repeat(8_000_000);
  const asking = (end: string) => ({
    model: 'm',
    stream: false,
    messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: text + end }] }],
  });
  expect(beginningOf(asking('a'))).toBe(beginningOf(asking('b')));
});
