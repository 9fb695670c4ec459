import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { events } from './catalogue.js';
import { envelope } from './define.js';

const folder = new URL('../../golden/events/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

const files = readdirSync(folder);

/** `<type>.json` as it was published first, and `<type>.<what it gained>.json` where it has grown since. */
const typeOf = (file: string): string => /^.*?\.v\d+(?=\.)/.exec(file)?.[0] ?? file;

/**
 * Messages of each event version, as they were published once. They are never edited: a schema that no longer reads them
 * would no longer read what waits in a queue or in a dead-letter queue.
 */
describe('the golden messages', () => {
  it('are there for every event version, and for no other', () => {
    expect(new Set(files.map(typeOf))).toEqual(new Set(events.map(({ type }) => type)));
    expect(files).toEqual(expect.arrayContaining(events.map(({ type }) => `${type}.json`)));
  });

  it.each(files)('%s is read as it was published, whole', (file) => {
    const message = read(file);
    const type = typeOf(file);
    const { data } = events.find((event) => event.type === type) ?? { data: z.never() };
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
