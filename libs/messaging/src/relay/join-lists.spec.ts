import { expect, it } from '@jest/globals';
import { maxListEntries } from '@parley/contracts';
import { z } from 'zod';
import { maxDataBytes } from '../outbox/outbox-row.js';
import { joinLists, type StoredEvent } from './join-lists.js';

let position = 0;
const row = (over: Partial<StoredEvent> = {}): StoredEvent => {
  position += 1;
  const data = over.data ?? `{"notes":[{"number":${position}}]}`;
  return {
    position: String(position),
    id: `0198c0de-0000-4000-8000-${String(position).padStart(12, '0')}`,
    type: 'test.notes.noted.v1',
    tenant_id: 'one',
    occurred_at: new Date(position),
    traceparent: `trace ${position}`,
    data,
    entries: 1,
    bytes: data.length,
    ...over,
  };
};

it('makes one event of the lists of one type and tenant', () => {
  const rows = [
    row({ data: '{"notes":[{"text":"a]}"},{"text":"b"}]}', entries: 2 }),
    row({ data: '{"notes":[{"text":"ü"}]}' }),
  ];

  const [event, ...others] = joinLists(rows);

  expect(others).toEqual([]);
  expect(JSON.parse(event?.data ?? '')).toEqual({ notes: [{ text: 'a]}' }, { text: 'b' }, { text: 'ü' }] });
  expect(event?.positions).toEqual(rows.map((each) => each.position));
  expect(event).toMatchObject({ traceparent: rows[0]?.traceparent, occurred_at: rows[0]?.occurred_at });
});

it('leaves apart what is of another type or tenant, and what is no list, in the order of their first rows', () => {
  const rows = [
    row({ entries: null }),
    row({ tenant_id: 'two' }),
    row({ entries: null }),
    row({ type: 'test.words.said.v1', tenant_id: 'two' }),
    row({ tenant_id: 'two' }),
  ];

  expect(
    joinLists(rows).map(({ positions }) => positions.map((each) => rows.findIndex((r) => r.position === each))),
  ).toEqual([[0], [1, 4], [2], [3]]);
});

it('sends an event that has nobody to join as it is, id included', () => {
  const alone = row();

  expect(joinLists([alone])).toEqual([{ ...alone, positions: [alone.position] }]);
});

it('never makes a list longer than the contract allows, nor larger than an event may be', () => {
  const byEntries = [row({ entries: maxListEntries - 1 }), row(), row()];
  const byBytes = [row({ bytes: maxDataBytes - 10 }), row({ bytes: 11 })];

  expect(joinLists(byEntries).map(({ positions }) => positions.length)).toEqual([2, 1]);
  expect(joinLists(byBytes).map(({ positions }) => positions.length)).toEqual([1, 1]);
});

it('gives the same rows the same id when they are sent again, other rows another', () => {
  const rows = [row(), row(), row()];
  const [first] = joinLists(rows);

  expect(z.uuid().safeParse(first?.id).success).toBe(true);
  expect(joinLists(rows)[0]?.id).toBe(first?.id);
  expect(joinLists(rows.slice(0, 2))[0]?.id).not.toBe(first?.id);
});
