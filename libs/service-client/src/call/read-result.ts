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
  const unknown = unknownKeys(first.error.issues);
  const second = unknown ? schema.safeParse(without(value, unknown)) : first;
  if (second.success) return second.data;
  throw new AppError('service.bad_response', {
    internal: `${service} answered what its contract does not allow`,
    cause: second.error,
  });
}

/** All that is wrong, where that is fields which are not known; of a union, in one of its alternatives. */
function unknownKeys(issues: readonly Issue[]): UnknownKeys[] | undefined {
  const found = issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return [issue];
    if (issue.code !== 'invalid_union') return undefined;
    const inner = issue.errors.map(unknownKeys).find((keys) => keys !== undefined);
    return inner?.map((keys) => ({ ...keys, path: [...issue.path, ...keys.path] }));
  });
  return found.every((keys) => keys !== undefined) ? found.flat() : undefined;
}

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
