import { z } from 'zod';
import { AppError } from '../errors.js';

/**
 * Names a request, so that sending it again finds what it began instead of doing it anew: the caller's own choice, good
 * for 24 hours.
 */
export const idempotencyKeyHeader = 'idempotency-key';
const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 printable characters')
  .optional();

/** For the API's description of a route that takes one. */
export const idempotencyKeyDescription = 'Good for 24 hours, 1–255 printable characters';

/** The key that a request names, if any. @throws AppError request.invalid. */
export function idempotencyKeyOf(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const { success, data, error } = idempotencyKey.safeParse(headers[idempotencyKeyHeader]);
  if (success) return data;
  const message = error.issues[0]?.message ?? 'is not valid';
  throw new AppError('request.invalid', { fields: [{ path: idempotencyKeyHeader, message }] });
}
