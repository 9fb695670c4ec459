import { expect, it } from '@jest/globals';
import { AppError, type FieldError } from '@parley/contracts';
import { compileCheck } from './argument-check.js';

const sut = compileCheck({
  type: 'object',
  properties: {
    list: { type: 'array', items: { type: 'object', properties: { 'a/b': { type: 'integer' } }, required: ['a/b'] } },
    count: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
  },
  additionalProperties: false,
});

function fieldsOf(given: Readonly<Record<string, unknown>>): readonly FieldError[] | undefined {
  try {
    sut(given);
    return [];
  } catch (error) {
    return error instanceof AppError ? error.text.fields : undefined;
  }
}

it.each([
  ['that is wrong, however deep', { list: [{ 'a/b': 1 }, { 'a/b': 'x' }] }, 'arguments.list.1.a/b', 'must be integer'],
  ['that is missing', { list: [{}] }, 'arguments.list.0.a/b', 'Is required'],
  ['that nobody knows', { other: 1 }, 'arguments.other', 'Unknown field'],
])('names an argument %s', (_, given, path, message) => {
  expect(fieldsOf(given)).toEqual([{ path, message }]);
});

it('lets what fits pass', () => {
  expect(fieldsOf({ list: [{ 'a/b': 1 }], count: null })).toEqual([]);
});

it('ends at the first of half a million wrong entries', () => {
  expect(fieldsOf({ list: Array.from({ length: 500_000 }, () => 1) })).toEqual([
    { path: 'arguments.list.0', message: 'must be object' },
  ]);
});
