import { expect, it } from '@jest/globals';
import { queryType } from './measured-client.js';

it.each([
  ['select 1', 'select'],
  ['\n  INSERT into t values (1)', 'insert'],
  ['update t set a = 1', 'update'],
  ['delete from t', 'delete'],
  ['with a as (select 1) select * from a', 'select'],
  ['with a as (insert into t values (1) returning 1) select * from a', 'insert'],
  ['begin; select set_config()', 'other'],
  ['', 'other'],
])('files %j under %s', (sql, type) => {
  expect(queryType(sql)).toBe(type);
});
