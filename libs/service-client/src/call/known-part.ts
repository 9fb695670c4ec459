import { isAppError, type FieldError, type Route } from '@parley/contracts';
import { unknownField } from '@parley/service-kit';

/**
 * What there is to send again where an instance of an earlier release has refused a body for nothing but fields that it does
 * not know: the body without them, as far as the contract allows that. Undefined where something else is wrong.
 * Of lenient routes alone: what is asked for must not be left out in silence where that matters.
 */
export function knownPart({ lenient, request }: Route, body: unknown, error: unknown): unknown {
  const fields = lenient === true ? refusedFields(error) : [];
  if (fields.length === 0 || !fields.every(({ message }) => message === unknownField)) return undefined;
  const known = structuredClone(body);
  for (const field of fields) drop(known, field.path.split('.'));
  return request?.safeParse(known).success ? known : undefined;
}

const refusedFields = (error: unknown): readonly FieldError[] =>
  (isAppError(error) && error.code === 'request.invalid' && error.text.fields) || [];

/** The path comes from outside: it leads through what the body itself has, and never to a prototype. */
function drop(from: unknown, path: readonly string[]): void {
  const [field = ''] = path.slice(-1);
  const step = (at: unknown, key: string) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined);
  const parent = path.slice(0, -1).reduce(step, from);
  if (isObject(parent)) Reflect.deleteProperty(parent, field);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
