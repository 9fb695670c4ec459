import type { Schema } from './question.ts';

const maxDepth = 8;

const typeOf = ({ type, properties }: Schema): string | undefined =>
  (typeof type === 'string' ? type : type?.find((one) => one !== 'null')) ?? (properties ? 'object' : undefined);

const simple: Readonly<Record<string, unknown>> = { number: 1, integer: 1, boolean: true, null: null };

function sampleSimple(schema: Schema, type: string | undefined, name: string, quoted: string | undefined): unknown {
  const given = schema.const ?? schema.enum?.[0] ?? schema.default;
  if (given !== undefined) return given;
  return type === 'string' ? (quoted ?? name) : (simple[type ?? ''] ?? null);
}

/** A value that fits the schema, always the same one; a string is its field’s name, or what the user put in quotes. */
export function sample(schema: Schema, name: string, quoted: string | undefined, depth = 0): unknown {
  const type = typeOf(schema);
  if (type === 'object') return depth < maxDepth ? sampleObject(schema, quoted, depth + 1) : {};
  if (type === 'array') return depth < maxDepth ? sampleArray(schema, name, quoted, depth + 1) : [];
  return sampleSimple(schema, type, name, quoted);
}

const sampleArray = ({ items }: Schema, name: string, quoted: string | undefined, depth: number): unknown[] =>
  items ? [sample(items, name, quoted, depth)] : [];

const sampleObject = ({ properties = {}, required }: Schema, quoted: string | undefined, depth: number): object =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([field]) => required?.includes(field) ?? true)
      .map(([field, schema]) => [field, sample(schema, field, quoted, depth)]),
  );

const quotation = /["“]([^"”]{1,200})["”]/;

/** What the user put in quotes. */
export const quotedIn = (text: string): string | undefined => quotation.exec(text)?.[1];
