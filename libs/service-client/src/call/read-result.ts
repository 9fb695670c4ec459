import { AppError } from '@parley/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type UnknownKeys = Extract<Issue, { readonly code: 'unrecognized_keys' }>;

/**
 * The body by the contract's schema. Fields that the schema does not know are left out, even where it is strict: while
 * versions are rolled, a newer neighbour may answer more than we know of.
 * @throws AppError service.bad_response when it does not fit otherwise.
 */
export function readResult<T extends z.ZodType>(schema: T, body: string, service: string): z.output<T> {
  let value: unknown;
  try {
    value = body === '' ? undefined : JSON.parse(body);
  } catch (cause) {
    throw new AppError('service.bad_response', { internal: `${service} answered something other than JSON`, cause });
  }
  const first = schema.safeParse(value);
  if (first.success) return first.data;
  const second = first.error.issues.every(isUnknownKeys) ? schema.safeParse(without(value, first.error.issues)) : first;
  if (second.success) return second.data;
  throw new AppError('service.bad_response', {
    internal: `${service} answered what its contract does not allow`,
    cause: second.error,
  });
}

const isUnknownKeys = (issue: Issue): issue is UnknownKeys => issue.code === 'unrecognized_keys';

function without(value: unknown, issues: readonly UnknownKeys[]): unknown {
  for (const { path, keys } of issues) {
    const parent = path.reduce((at, key) => (at as Record<PropertyKey, unknown>)[key], value) as Record<
      string,
      unknown
    >;
    for (const key of keys) Reflect.deleteProperty(parent, key);
  }
  return value;
}
