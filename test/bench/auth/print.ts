import type { Machine } from '../machine.ts';
import { columnsOf, fixed, printMachine, printMark, printTable, printValidity } from '../print.ts';
import { connections } from './connections.ts';
import type { Summary } from './report.ts';

/** The report as a person reads it. */
export function print({ machine, ...report }: Summary & { readonly machine: Machine }): void {
  printMachine(machine, `tokens on one thread, keys and logins on ${connections} connections`);
  printTable(
    report.tokens.map((line) => [
      line.contender,
      {
        'checks/s': Math.round(line.per_second),
        'p50 µs': fixed(line.p50_ms * 1_000, 1),
        'p99 µs': fixed(line.p99_ms * 1_000, 1),
        bad: line.bad,
        'of jsonwebtoken': fixed(line.of_jsonwebtoken, 2),
      },
    ]),
  );
  printTable(
    report.exchanges.map((line) => [line.contender, columnsOf(line, 'calls', { 'of token': fixed(line.of_token, 2) })]),
  );
  printTable(
    report.logins.map((line) => [line.contender, columnsOf(line, 'logins', { 'of argon2': fixed(line.of_argon2, 2) })]),
  );
  console.log('Failed logins, one at a time:');
  printTable(report.failures.map((line) => [line.contender, columnsOf(line, 'logins')]));
  const { account, nobody } = report.compared;
  console.log(`Compared for them: ${account} passwords with the account's hash, ${nobody} with nobody's.`);
  printMark(report.marks.logins, 'of bare argon2', 'logins: ');
  printMark(report.marks.same_time, 'of the longer median', 'failed logins: ');
  printValidity(report.faults);
}
