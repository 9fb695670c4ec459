import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { fieldErrors } from './field-errors.js';

const faults = (schema: z.ZodType, input: unknown) => fieldErrors(schema.safeParse(input).error?.issues ?? []);

it('names the fault of the alternative that a union’s input came closest to', () => {
  const part = z.union([
    z.strictObject({ type: z.literal('text'), text: z.string() }),
    z.strictObject({ type: z.literal('image'), image: z.strictObject({ url: z.url() }) }),
  ]);
  const message = z.strictObject({ content: z.union([z.string(), z.array(part)]) });
  expect(faults(message, { content: [{ type: 'image', image: { url: 'nowhere' } }] })).toEqual([
    { path: 'content.0.image.url', message: 'Invalid URL' },
  ]);
});

it('names the union itself where its alternatives are equally far', () => {
  expect(faults(z.strictObject({ stop: z.union([z.string(), z.number()]) }), { stop: true })).toEqual([
    { path: 'stop', message: 'Invalid input' },
  ]);
});

it('names each unknown key of a nested object', () => {
  const schema = z.strictObject({ a: z.strictObject({}) });
  expect(faults(schema, { a: { b: 1, c: 2 } })).toEqual([
    { path: 'a.b', message: 'Unknown field' },
    { path: 'a.c', message: 'Unknown field' },
  ]);
});

it('stops at fifty', () => {
  expect(faults(z.array(z.string()), Array<number>(80).fill(0))).toHaveLength(50);
});
