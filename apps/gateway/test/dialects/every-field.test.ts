/** Nothing is real but the schemas of the dialects. */
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { messagesRequest } from '../../src/dialects/anthropic/request.schema.js';
import { chatRequest } from '../../src/dialects/openai/request.schema.js';
import type { DialectName } from './conformance/feature.ts';
import { asked } from './conformance/features.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What tells an object from others of its kind. */
const tagOf = ({ type, role }: Json): string => [type, role].find((tag) => typeof tag === 'string')?.toString() ?? '';

/** The fields of every object in a body, as `tag.field`. */
function* fieldsOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* fieldsOf(item);
  if (!isObject(value)) return;
  for (const [name, field] of Object.entries(value)) {
    yield `${tagOf(value)}.${name}`;
    yield* fieldsOf(field);
  }
}

/** The one value that a schema's field may have. */
const constant = (field: unknown): unknown => (isObject(field) ? field['const'] : undefined);

/** The fields of every object that a JSON schema knows, likewise. */
function* fieldsIn(schema: unknown, definitions: Json, seen = new Set<unknown>()): Generator<string> {
  if (Array.isArray(schema)) for (const one of schema) yield* fieldsIn(one, definitions, seen);
  if (!isObject(schema) || seen.has(schema)) return;
  seen.add(schema);
  const { $ref, properties = {}, items, anyOf, oneOf, $defs } = schema;
  if (typeof $ref === 'string') yield* fieldsIn(definitions[$ref.replace('#/$defs/', '')], definitions, seen);
  const { type, role } = properties as Json;
  const tag = tagOf({ type: constant(type), role: constant(role) });
  for (const [name, field] of Object.entries(properties as Json)) {
    yield `${tag}.${name}`;
    yield* fieldsIn(field, definitions, seen);
  }
  yield* fieldsIn([items, anyOf, oneOf], { ...definitions, ...($defs as Json | undefined) }, seen);
}

/** What is translated field by field; anything else goes whole to the vendor whose own it is, and to no other. */
const translated: Readonly<Record<'chat' | 'messages', readonly string[]>> = {
  chat: ['', 'system', 'developer', 'user', 'assistant', 'tool', 'function', 'text', 'image_url', 'file', 'refusal'],
  messages: [
    'user',
    'assistant',
    'system',
    'text',
    'image',
    'document',
    'tool_use',
    'tool_result',
    'thinking',
    'custom',
  ],
};

/** What every probe says, what readers add of their own, and what answers have that come back whole. */
const spoken = new Set([
  '.model',
  '.stream',
  '.include_usage',
  '.expires_at',
  '.transcript',
  '.parsed_arguments',
  'assistant.parsed',
  'assistant.reasoning',
]);

const bodies = (name: DialectName): unknown[] =>
  asked.flatMap(({ rows }) => rows.map(({ forms }) => forms[name])).filter((form) => form !== undefined);

it.each<['chat' | 'messages', z.ZodObject]>([
  ['chat', chatRequest],
  ['messages', messagesRequest],
])('the matrix has a row for every field of %s that is translated', (name, schema) => {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  const known = [...new Set(fieldsIn(json, json['$defs'] as Json))].filter((field) => !spoken.has(field));
  const ours = known.filter((field) => translated[name].includes(field.slice(0, field.lastIndexOf('.'))));
  const top = Object.keys(schema.shape).map((field) => `.${field}`);
  const told = new Set(bodies(name).flatMap((body) => [...fieldsOf(body)]));
  expect([...ours, ...top].filter((field) => !told.has(field) && !spoken.has(field))).toEqual([]);
});
