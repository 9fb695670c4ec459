import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from './compatibility.ts';
import type { OpenApi, Operation, Schema } from './document.ts';

const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});
const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
const api = (operation: Operation, schemas: Record<string, Schema> = {}): OpenApi => ({
  paths: { '/v1/things': { post: operation } },
  components: { schemas },
});
const text: Schema = { type: 'string' };
const colour = (...values: string[]): Schema => ({ type: 'string', enum: values });
const tagged = (type: string, value: Schema): Schema => object({ type: colour(type), [`${type}_value`]: value });
const thing: Schema = { $ref: '#/components/schemas/Thing' };

const changes = (before: Operation, after: Operation) => breakingChanges(api(before), api(after));

describe('a change that breaks v1', () => {
  it('is a removed path', () => {
    expect(breakingChanges(api({}), { paths: {} })).toEqual(['POST /v1/things was removed']);
  });

  it.each<[string, Operation, Operation]>([
    ['a removed request field', { requestBody: json(object({ a: text })) }, { requestBody: json(object({})) }],
    [
      'a removed response field',
      { responses: { 200: json(object({ a: text })) } },
      { responses: { 200: json(object({})) } },
    ],
    [
      'a newly required request field',
      { requestBody: json(object({})) },
      { requestBody: json(object({ a: text }, ['a'])) },
    ],
    ['a newly required body', { requestBody: json(text) }, { requestBody: { ...json(text), required: true } }],
    [
      'a response field that may now be absent',
      { responses: { 200: json(object({ a: text }, ['a'])) } },
      { responses: { 200: json(object({ a: text })) } },
    ],
    ['a removed enum value', { requestBody: json(colour('red', 'blue')) }, { requestBody: json(colour('red')) }],
    [
      'a changed type',
      { requestBody: json(object({ a: text })) },
      { requestBody: json(object({ a: { type: 'integer' } })) },
    ],
    ['a type that is no longer null', { requestBody: json({ type: ['string', 'null'] }) }, { requestBody: json(text) }],
    [
      'a removed alternative',
      { requestBody: json({ anyOf: [text, { type: 'null' }] }) },
      { requestBody: json({ anyOf: [text] }) },
    ],
    [
      'a field removed from an alternative, wherever it stands',
      { requestBody: json({ oneOf: [tagged('a', text), object({ type: colour('b'), gone: text })] }) },
      { requestBody: json({ oneOf: [object({ type: colour('b') }), tagged('a', text)] }) },
    ],
    [
      'a change within a list',
      { responses: { 200: json({ type: 'array', items: object({ a: text }) }) } },
      { responses: { 200: json({ type: 'array', items: object({}) }) } },
    ],
    ['a removed status', { responses: { 200: {}, 404: {} } }, { responses: { 200: {} } }],
    [
      'a removed content type',
      { responses: { 200: json(text) } },
      { responses: { 200: { content: { 'text/csv': {} } } } },
    ],
    ['a removed parameter', { parameters: [{ name: 'limit', in: 'query' }] }, { parameters: [] }],
    ['a newly required parameter', { parameters: [] }, { parameters: [{ name: 'day', in: 'query', required: true }] }],
  ])('is %s', (_, before, after) => {
    expect(changes(before, after)).toHaveLength(1);
  });

  it('is found behind a reference, and in a schema that contains itself', () => {
    const tree = (leaf: Record<string, Schema>) => ({
      Thing: object({ ...leaf, children: { type: 'array', items: thing } }),
    });
    const operation = { responses: { 200: json(thing) } };

    expect(breakingChanges(api(operation, tree({ name: text })), api(operation, tree({})))).toEqual([
      'POST /v1/things: response 200.name was removed',
    ]);
  });
});

describe('a change that v1 bears', () => {
  it.each<[string, Operation, Operation]>([
    ['a new optional request field', { requestBody: json(object({})) }, { requestBody: json(object({ a: text })) }],
    [
      'a new response field',
      { responses: { 200: json(object({})) } },
      { responses: { 200: json(object({ a: text }, ['a'])) } },
    ],
    [
      'a request field that is no longer required',
      { requestBody: json(object({ a: text }, ['a'])) },
      { requestBody: json(object({ a: text })) },
    ],
    ['a new enum value', { requestBody: json(colour('red')) }, { requestBody: json(colour('red', 'blue')) }],
    [
      'alternatives written as a list of types',
      { requestBody: json({ anyOf: [text, { type: 'null' }] }) },
      { requestBody: json({ type: ['string', 'null'] }) },
    ],
    [
      'another order of alternatives that tell themselves apart by their type',
      { requestBody: json({ oneOf: [tagged('a', text), tagged('b', colour('red'))] }) },
      { requestBody: json({ oneOf: [tagged('b', colour('red')), tagged('new', text), tagged('a', text)] }) },
    ],
    ['a new status', { responses: { 200: {} } }, { responses: { 200: {}, 429: {} } }],
    ['a new optional parameter', { parameters: [] }, { parameters: [{ name: 'limit', in: 'query' }] }],
  ])('is %s', (_, before, after) => {
    expect(changes(before, after)).toEqual([]);
  });

  it('is another name for what a path takes', () => {
    const at = (name: string, schema: Schema): OpenApi => ({
      paths: { [`/v1/things/{${name}}`]: { get: { parameters: [{ name, in: 'path', required: true, schema }] } } },
    });
    expect(breakingChanges(at('path', text), at('id', text))).toEqual([]);
    expect(breakingChanges(at('path', text), at('id', { type: 'integer' }))).toHaveLength(1);
  });

  it('is a new path', () => {
    expect(breakingChanges({ paths: {} }, api({}))).toEqual([]);
  });
});
