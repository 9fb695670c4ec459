import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { events } from './catalogue.js';
import { envelope } from './define.js';

const folder = new URL('../../golden/events/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/**
 * One message per event version, as it was published once. They are never edited: a schema that no longer reads them
 * would no longer read what waits in a queue or in a dead-letter queue.
 */
describe('the golden messages', () => {
  it('are one for every event version', () => {
    expect(readdirSync(folder).sort()).toEqual(events.map(({ type }) => `${type}.json`).sort());
  });

  it.each(events)('$type is read as it was published, whole', ({ type, data }) => {
    const message = read(`${type}.json`);
    const parsed = envelope.parse(message);
    expect(parsed.type).toBe(type);
    expect({ ...parsed, data: data.parse(parsed.data) }).toEqual(message);
  });

  it.each(events)('$type may have more fields than we know', ({ type, data }) => {
    const message = envelope.parse(read(`${type}.json`));
    const grown = { ...(message.data as object), a_later_field: true };
    expect(() => data.parse(grown)).not.toThrow();
  });
});
