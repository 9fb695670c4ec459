import { z } from 'zod';

/** A text that PostgreSQL can keep, alone and within an event: not empty, without U+0000 and without half a character. */
export const storedText = (maxCharacters: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxCharacters)
    .refine((text) => !text.includes('\0'), 'must not have U+0000, which cannot be stored')
    .refine((text) => text.isWellFormed(), 'must not have half of a surrogate pair, which cannot be stored');

/** PostgreSQL has no year 0. */
const hasYear = (date: string): boolean => !date.startsWith('0000');

/** A moment in a cursor, as `toISOString` writes it. */
export const storedTimestamp = z.iso.datetime({ precision: 3 }).refine(hasYear, 'must be of a year from 0001');

/** Where a page ends of what is listed by moment and, within one, by id. */
export const storedPosition = z.tuple([storedTimestamp, z.uuid()]);

/** A day in a cursor, as `YYYY-MM-DD`. */
export const storedDay = z.iso.date().refine(hasYear, 'must be of a year from 0001');
