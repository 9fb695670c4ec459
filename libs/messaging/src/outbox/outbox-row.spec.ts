import { expect, it } from '@jest/globals';
import { defineEvent } from '@parley/contracts';
import { textArray } from '@parley/persistence';
import { z } from 'zod';
import { maxDataBytes, outboxInsert, outboxList, outboxRow } from './outbox-row.js';

const said = defineEvent('test.word.said.v1', 'A word was said', z.object({ word: z.string() }));
const tenant = '0198c0de-0000-4000-8000-000000000001';
/** The JSON around the word. */
const frame = '{"word":""}'.length;

it('takes data up to 1 MB as JSON, in bytes, and not one more', () => {
  const fits = outboxRow(said, tenant, { word: 'é'.repeat((maxDataBytes - frame - 1) / 2) + 'x' });
  expect(Buffer.byteLength(fits.data)).toBe(maxDataBytes);

  expect(() => outboxRow(said, tenant, { word: 'x'.repeat(maxDataBytes - frame + 1) })).toThrow('over the limit');
});

it('refuses data that does not fit the contract', () => {
  expect(() => outboxRow(said, tenant, { word: 1 as unknown as string })).toThrow();
});

it('keeps the trace that it is given', () => {
  const traceparent = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01';
  expect(outboxRow(said, tenant, { word: 'x' }, traceparent).traceparent).toBe(traceparent);
});

it('numbers its parameters from where the statement around it left off', () => {
  const row = outboxRow(said, tenant, { word: 'x' });
  expect(outboxInsert.sql(7)).toContain(
    'unnest($7::uuid[], $8::text[], $9::uuid[], $10::text[], $11::text[], $12::int[])',
  );
  expect(outboxInsert.params([row, row])).toEqual([
    [row.id, row.id],
    [row.type, row.type],
    [row.tenantId, row.tenantId],
    textArray([row.data, row.data]),
    [row.traceparent, row.traceparent],
    [null, null],
  ]);
});

it('counts the entries of a data that is a list, and refuses one that says so and is not', () => {
  const words = z.array(z.string());
  const listed = defineEvent('test.words.said.v1', 'Words were said', z.object({ words }), { list: 'words' });
  const more = defineEvent('test.words.said.v2', 'Words were said', z.object({ words, by: z.string() }), {
    list: 'words',
  });

  expect(outboxRow(listed, tenant, { words: ['a', 'b'] }).entries).toBe(2);
  expect(outboxRow(said, tenant, { word: 'x' }).entries).toBeNull();
  expect(outboxList(listed, tenant, ['"a"', '"b"'])).toMatchObject({ data: '{"words":["a","b"]}', entries: 2 });
  expect(() => outboxList(said, tenant, [])).toThrow('no list');
  expect(() => outboxRow(more, tenant, { words: [], by: 'x' })).toThrow('the list words alone');
});
