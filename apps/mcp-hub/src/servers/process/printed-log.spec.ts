import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { createLog } from '@parley/service-kit';
import { PrintedLog } from './printed-log.js';

function newPrintedLog(secrets: readonly string[] = []) {
  const clock = new ManualClock();
  const entries: { readonly line?: string; readonly msg: string }[] = [];
  const write = (text: string) => void entries.push(JSON.parse(text) as (typeof entries)[number]);
  const sut = new PrintedLog(createLog({ base: {}, destination: { write } }), clock, secrets);
  return { sut, clock, entries, lines: () => entries.map(({ line }) => line) };
}

it('puts a line together that comes in pieces, and leaves out empty ones', () => {
  const { sut, lines } = newPrintedLog();
  sut.read('one\n\ntw');
  sut.read('o\nthr');
  expect(lines()).toEqual(['one', 'two']);
});

it.each([
  ['a value of the server’s own environment', 'connecting as hunter2-hunter2!', 'connecting as [redacted]!'],
  ['a header', 'Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
  ['a variable', 'GITHUB_TOKEN=ghp_1234', 'GITHUB_TOKEN=[redacted]'],
  ['a field of JSON', '{"api_key":"k-1","n":1}', '{"api_key":"[redacted]","n":1}'],
])('takes %s out', (_, line, logged) => {
  const { sut, lines } = newPrintedLog(['hunter2-hunter2', 'on']);
  sut.read(`${line}\n`);
  expect(lines()).toEqual([logged]);
});

it('cuts a long line, and drops the rest of one without an end', () => {
  const { sut, lines } = newPrintedLog();
  sut.read('a'.repeat(9_000));
  sut.read(`${'a'.repeat(9_000)}\nnext\n`);
  expect(lines()).toEqual(['a'.repeat(2_000), 'next']);
});

it('logs 50 lines of a second, says once that there were more, and goes on in the next', async () => {
  const { sut, clock, entries } = newPrintedLog();
  sut.read('x\n'.repeat(80));
  expect(entries).toHaveLength(51);
  expect(entries[50]?.msg).toContain('too much');

  await clock.advance(1_000);
  sut.read('x\n');
  expect(entries).toHaveLength(52);
});
