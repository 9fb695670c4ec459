import { expect, it } from '@jest/globals';
import type { Measured } from '../rounds.ts';
import { summarise, type Measurements } from './report.ts';

const run = <Name extends string>(contender: Name, perSecond: number, over: Partial<Measured<Name>> = {}) => ({
  ...{ contender, perSecond, round: 1, good: 10, bad: 0, p50Ms: 10, p95Ms: 15, p99Ms: 20 },
  ...over,
});

/** A run in which all is well. */
const whole: Measurements = {
  tokens: [run('jsonwebtoken', 10_000), run('parley, token new', 8_000), run('parley, token seen', 400_000)],
  exchanges: [run('token', 10_000), run('key seen', 11_000), run('key new', 1_000)],
  logins: [run('bare argon2', 200), run('parley', 180), run('parley through the edge', 170)],
  failures: [run('with an account', 90), run('without an account', 90)],
  compared: { account: 10, nobody: 10 },
};

it('compares each with the bare work of its own kind', () => {
  const { tokens, exchanges, logins } = summarise(whole);

  expect(tokens.map(({ of_jsonwebtoken }) => of_jsonwebtoken)).toEqual([1, 0.8, 40]);
  expect(exchanges.map(({ of_token }) => of_token)).toEqual([1, 1.1, 0.1]);
  expect(logins.map(({ of_argon2 }) => of_argon2)).toEqual([1, 0.9, 0.85]);
});

it('finds no fault in a run where all is well', () => {
  const { marks, faults } = summarise(whole);

  expect(faults).toEqual([]);
  expect(marks).toEqual({
    logins: { at_least: 0.9, reached: 0.9, met: true },
    same_time: { at_least: 0.95, reached: 1, met: true },
  });
});

it('says when a failed login takes longer with an account or without, whichever it is', () => {
  const slow = run('with an account', 90, { p50Ms: 12.5 });

  const { marks, faults } = summarise({ ...whole, failures: [slow, run('without an account', 90)] });

  expect(marks.same_time).toEqual({ at_least: 0.95, reached: 0.8, met: false });
  expect(faults).toEqual([]);
});

it.each(['tokens', 'exchanges', 'logins', 'failures'] as const)('is not valid with a wrong answer among %s', (kind) => {
  const wrong = whole[kind].map((one) => ({ ...one, round: 0, bad: 1 }));

  const { faults } = summarise({ ...whole, [kind]: [...whole[kind], ...wrong] });

  expect(faults).toContainEqual(`${whole[kind][0]?.contender} gave 1 bad answers`);
});

it('is not valid where a failed login compared no password', () => {
  expect(summarise({ ...whole, compared: { account: 10, nobody: 9 } }).faults).toEqual([
    '9 passwords were compared with nobody’s hash for 10 failed logins',
  ]);
});
