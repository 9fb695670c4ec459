import { hold, untilComplete } from '../../contest.ts';
import { columnsOf, fixed, printMachine, printMark, printTable, printValidity } from '../../print.ts';
import { inRounds } from '../../rounds.ts';
import type { Machine } from '../../machine.ts';
import { connections, startContest, type Contest } from './contenders.ts';
import { summarise, type Summary } from './report.ts';

/**
 * A message kept: by a bare insert of one row through pg, and through the service over HTTP with permission, rate limit and
 * event. Both in one PostgreSQL with fsync on; interleaved; the median of three rounds counts.
 */
export const appendBench = (options: { json: boolean }): Promise<void> =>
  hold({ start: startContest, measure, print }, options);

async function measure({ contenders, stored }: Contest) {
  const runs = await inRounds(contenders, { seconds: 5 });
  return { connections, ...summarise(runs, await untilComplete(stored, ({ waiting }) => waiting === 0)) };
}

function print({ machine, lines, mark, appended, stored, faults }: Summary & { readonly machine: Machine }): void {
  printMachine(machine, `${connections} connections`);
  printTable(lines.map((line) => [line.contender, columnsOf(line, 'messages', { 'of bare': fixed(line.of_bare, 2) })]));
  console.log(`Parley took ${appended} messages; ${stored.messages} are stored.`);
  printMark(mark, 'of a bare insert');
  printValidity(faults);
}
