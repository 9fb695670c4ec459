import { isAppError, type FieldError, type Route } from '@parley/contracts';
import { unknownField } from '@parley/service-kit';

/**
 * What there is to send again where an instance of an earlier release has refused a body for nothing but fields that it does
 * not know: the body without them, as far as the contract allows that. Undefined where something else is wrong.
 * Of internal routes alone: what a caller of the public ones asks for must not be left out in silence.
 */
export function knownPart({ path, request }: Route, body: unknown, error: unknown): unknown {
  const fields = path.startsWith('/internal/') ? refusedFields(error) : [];
  if (fields.length === 0 || !fields.every(({ message }) => message === unknownField)) return undefined;
  const known = structuredClone(body);
  for (const field of fields) drop(known, field.path.split('.'));
  return request?.safeParse(known).success ? known : undefined;
}

const refusedFields = (error: unknown): readonly FieldError[] =>
  (isAppError(error) && error.code === 'request.invalid' && error.text.fields) || [];

function drop(from: unknown, path: readonly string[]): void {
  const [field = ''] = path.slice(-1);
  const parent = path.slice(0, -1).reduce((at, key) => (isObject(at) ? at[key] : undefined), from);
  if (isObject(parent)) Reflect.deleteProperty(parent, field);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
