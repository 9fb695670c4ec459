import { expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { errorCode, isDataError, translateError } from './database-errors.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

it.each([
  withCode('08006'),
  withCode('53300'),
  withCode('57P01'),
  withCode('57P03'),
  withCode('ECONNREFUSED'),
  new Error('timeout exceeded when trying to connect'),
  new Error('Connection terminated unexpectedly'),
  new QueryFailedError('select 1', [], withCode('57P01')),
])('tells callers to come back when the database is away: $message $code', (error) => {
  expect(translateError(error)).toMatchObject({ code: 'service.unavailable', text: { retryAfterMs: 2_000 } });
});

it('reports a statement that the server ended for its length as a time-out', () => {
  expect(translateError(withCode('57014'))).toMatchObject({ code: 'service.timeout' });
});

it('leaves every other error as it is, for the log', () => {
  const error = withCode('23505');
  expect(translateError(error)).toBe(error);
});

it('finds the code under TypeORM’s wrapper', () => {
  expect(errorCode(new QueryFailedError('insert', [], withCode('23505')))).toBe('23505');
});

it.each([
  ['23505', true],
  ['22P02', true],
  ['42P01', false],
  ['40001', false],
  ['57P01', false],
])('knows whether the data is at fault: %s %s', (code, expected) => {
  expect(isDataError(withCode(code))).toBe(expected);
});
