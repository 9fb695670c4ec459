/** Null means absent to OpenAI. */
export const isGiven = <T>(value: T): value is NonNullable<T> => value !== null && value !== undefined;

export const given = <T>(value: T): NonNullable<T> | undefined => value ?? undefined;

/** Undefined where nothing is given. */
export function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const entries = Object.entries(fields).filter(([, value]) => isGiven(value));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
