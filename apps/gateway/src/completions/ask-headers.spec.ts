import { expect, it } from '@jest/globals';
import { hedgeAfterOf } from './ask-headers.js';

it.each<[string | undefined, number | undefined]>([
  [undefined, undefined],
  ['1', 1],
  ['60000', 60_000],
])('a hedge after %s ms is one after %s', (value, afterMs) => {
  expect(hedgeAfterOf({ 'x-parley-hedge-after-ms': value })).toBe(afterMs);
});

it.each(['0', '60001', '-1', '1.5', 'soon', '', '1, 2'])(
  'a hedge after “%s” is refused, and the header named',
  (value) => {
    const read = () => hedgeAfterOf({ 'x-parley-hedge-after-ms': value });
    expect(read).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        text: { fields: [expect.objectContaining({ path: 'x-parley-hedge-after-ms' })] },
      }),
    );
  },
);
