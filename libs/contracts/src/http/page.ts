import { z } from 'zod';
import { AppError } from '../errors.js';

/** Query parameters of every list. `limit` is 1–200, 50 by default. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** A list answers its rows and the cursor of the next page, null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ data: z.array(item), next_cursor: z.string().nullable() });

/** The sort key of the last row of a page, opaque to callers; its content is no promise. */
export const encodeCursor = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws AppError cursor.invalid when it was not made by this list. */
export function decodeCursor<T extends z.ZodType<readonly unknown[]>>(key: T, cursor: string): z.infer<T> {
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('cursor.invalid', { cause });
  }
}

/**
 * Cuts a page out of rows that were read with one more than `limit`, so that the next page is known to exist.
 * `key` gives a row's sort key.
 */
export function toPage<T>(rows: readonly T[], limit: number, key: (row: T) => readonly unknown[]) {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null };
}
