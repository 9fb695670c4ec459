/** Nothing is real but the dialects. */
import { describe, expect, it } from '@jest/globals';
import type { AppError } from '@parley/contracts';
import { asked } from './conformance/features.ts';
import { surfaces, type Surface } from './conformance/surfaces.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What has names of the caller’s own, or is passed on as the provider made it. */
const free = new Set([
  'citation',
  'input',
  'input_examples',
  'input_schema',
  'logit_bias',
  'metadata',
  'output_schema',
  'parameters',
  'schema',
]);
/** Whose entries OpenAI’s own types leave open. */
const isOpen = (path: readonly PropertyKey[]): boolean => path[0] === 'tool_choice' && path.includes('tools');

/** The path of every object in a body whose fields are the dialect’s. */
function* objectsIn(value: unknown, path: readonly PropertyKey[] = []): Generator<readonly PropertyKey[]> {
  if (Array.isArray(value)) {
    for (const [n, item] of value.entries()) yield* objectsIn(item, [...path, n]);
  } else if (typeof value === 'object' && value !== null) {
    if (!isOpen(path)) yield path;
    for (const [name, field] of Object.entries(value)) {
      // Anthropic's metadata has one field, which is its own.
      if (!free.has(name) || (field as Fields)['user_id'] !== undefined) yield* objectsIn(field, [...path, name]);
    }
  }
}

/** A copy with a field that nobody knows in one of its objects. */
function withUnknown(body: Fields, path: readonly PropertyKey[]): unknown {
  const copy = structuredClone(body);
  const object = path.reduce<unknown>((within, name) => (within as Record<PropertyKey, unknown>)[name], copy);
  Object.assign(object as object, { frobnicate: 1 });
  return copy;
}

function refusal({ dialect }: Surface, body: unknown): AppError | undefined {
  try {
    dialect.read(body, {});
    return undefined;
  } catch (error) {
    return error as AppError;
  }
}

/** What each feature is asked with, but for those that no provider is ever asked for: they are refused as a whole. */
const bodies = (surface: Surface): [string, Fields][] =>
  asked
    .flatMap(({ rows }) => rows)
    .flatMap(({ feature, forms }) => {
      const form = forms[surface.name];
      return form ? [[feature, { ...surface.base, ...form }] as [string, Fields]] : [];
    })
    .filter(([, body]) => refusal(surface, body) === undefined);

describe.each(surfaces)('in $title', (surface) => {
  it.each(bodies(surface))('an unknown field is refused and named wherever it stands in %s', (_feature, body) => {
    for (const path of objectsIn(body)) {
      const error = refusal(surface, withUnknown(body, path));
      expect([path, error?.code]).toEqual([path, 'request.invalid']);
      expect(error?.text.fields?.map((field) => field.path)).toContain([...path, 'frobnicate'].join('.'));
    }
  });
});
