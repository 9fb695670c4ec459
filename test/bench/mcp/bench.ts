import { hold, untilComplete } from '../contest.ts';
import type { Machine } from '../machine.ts';
import { columnsOf, fixed, printMachine, printMark, printTable, printValidity } from '../print.ts';
import { inRounds } from '../rounds.ts';
import { answeredByParley } from '../speeds.ts';
import { inFlight, startContest, type Contest } from './contenders.ts';
import { summarise, type Summary } from './report.ts';

/**
 * `echo` of the same MCP server, called by the SDK's client straight over stdio, through npm's mcp-hub, and through ours
 * with permission, rate limit and durable audit on. Interleaved; the median of three rounds counts.
 */
export const mcpBench = (options: { json: boolean }): Promise<void> =>
  hold({ start: startContest, measure, print }, options);

async function measure({ contenders, recorded }: Contest) {
  const runs = await inRounds(contenders, { seconds: 5 });
  const answered = answeredByParley(runs);
  return { in_flight: inFlight, ...summarise(runs, await untilComplete(recorded, (calls) => calls >= answered)) };
}

function print({ machine, lines, mark, calls, faults }: Summary & { readonly machine: Machine }): void {
  printMachine(machine, `${inFlight} calls in flight`);
  printTable(lines.map((line) => [line.contender, columnsOf(line, 'calls', { 'of stdio': fixed(line.of_stdio, 2) })]));
  console.log(`Parley answered ${calls.answered} calls; analytics has ${calls.recorded}.`);
  printMark(mark, 'of stdio');
  printValidity(faults);
}
