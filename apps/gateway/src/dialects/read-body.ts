import { AppError } from '@parley/contracts';
import { fieldErrors } from '@parley/service-kit';
import type { z } from 'zod';

/** @throws AppError request.invalid, naming each field that does not fit or is not known, in the sentence as well. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = fieldErrors(result.error.issues);
  // The vendors' SDKs show their users the sentence alone.
  const detail = fields.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
  throw new AppError('request.invalid', { detail, fields });
}
