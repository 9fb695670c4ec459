import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readResult } from './read-result.js';

const schema = z.strictObject({
  data: z.array(z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a'), n: z.int() })])),
  at: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .optional(),
});
const read = (value: unknown) => readResult(schema, JSON.stringify(value), 'auth');

describe('readResult', () => {
  it('answers what the schema makes of the body', () => {
    expect(read({ data: [], at: '2026-01-01T00:00:00Z' })).toEqual({ data: [], at: new Date('2026-01-01T00:00:00Z') });
  });

  it('leaves out unknown fields at any depth, and keeps what is known', () => {
    expect(
      read({
        data: [
          { kind: 'a', n: 1, x: 1 },
          { kind: 'a', n: 2 },
        ],
        y: { z: 1 },
        constructor: 1,
      }),
    ).toEqual({
      data: [
        { kind: 'a', n: 1 },
        { kind: 'a', n: 2 },
      ],
    });
  });

  it('leaves them out of one of several kinds of answer too', () => {
    const either = z.strictObject({
      answer: z.union([z.strictObject({ a: z.strictObject({ b: z.int() }) }), z.strictObject({ c: z.int() })]),
    });
    const readEither = (value: unknown) => readResult(either, JSON.stringify(value), 'auth');
    expect(readEither({ answer: { a: { b: 1, x: 1 }, y: 1 } })).toEqual({ answer: { a: { b: 1 } } });
    expect(readEither({ answer: { c: 2, x: 1 } })).toEqual({ answer: { c: 2 } });
    expect(() => readEither({ answer: { c: 'x', y: 1 } })).toThrow();
  });

  it.each([[{ data: 'x' }], [{ data: [{ kind: 'b' }] }], [{ data: [{ kind: 'a', n: 'x', y: 1 }] }], [null], [[]]])(
    'refuses what does not fit: %j',
    (value) => {
      expect(() => read(value)).toThrow(expect.objectContaining({ code: 'service.bad_response' }));
    },
  );

  it('reads an answer without a body as undefined', () => {
    expect(readResult(z.string().optional(), '', 'auth')).toBeUndefined();
  });
});
