import type { Machine } from '../machine.ts';
import { columnsOf, fixed, printMachine, printMark, printTable, printValidity } from '../print.ts';
import type { FirstTokenLine, Line, Summary } from './report.ts';

export const connections = 64;

const sentences = { of_floor: 'of the floor', times_portkey: 'times Portkey' } as const;

/** The report as a person reads it. */
export function print({
  machine,
  lines,
  first_token,
  usage,
  marks,
  faults,
}: Summary & { readonly machine: Machine }): void {
  printMachine(machine, `${connections} connections`);
  printTable(lines.map((line) => [`${line.job} ${line.contender}`, row(line)]));
  printTable(first_token.map((line) => [`first token ${line.contender}`, firstTokenRow(line)]));
  for (const line of lines.filter(({ contender }) => contender === 'parley')) console.log(breakdown(line));
  console.log(`Parley answered ${usage.answered} calls; analytics has ${usage.accounted}.`);
  for (const { job, ratio, ...mark } of marks) printMark(mark, sentences[ratio], `${job}: `);
  printValidity(faults);
}

const row = (line: Line) =>
  columnsOf(line, 'answers', {
    'CPU ms each': fixed(line.cpu_ms_per_request, 3),
    'of floor': fixed(line.of_floor, 2),
    'chunks/s': line.chunks_per_second === null ? '–' : Math.round(line.chunks_per_second),
    'times Portkey': line.times_portkey === null ? '–' : fixed(line.times_portkey, 1),
  });

const firstTokenRow = (line: FirstTokenLine) => ({
  'p50 ms': fixed(line.p50_ms, 1),
  'p99 ms': fixed(line.p99_ms, 1),
  'added p50 ms': fixed(line.added_p50_ms, 1),
  'added p99 ms': fixed(line.added_p99_ms, 1),
});

/** Dearest first; what is next to nothing is left out. */
function breakdown({ job, cpu_ms_per_request_by_process }: Line): string {
  const parts = Object.entries(cpu_ms_per_request_by_process)
    .filter(([, ms]) => ms >= 0.001)
    .sort(([, a], [, b]) => b - a)
    .map(([name, ms]) => `${name} ${ms.toFixed(3)}`);
  return `Parley's CPU ms per ${job} answer: ${parts.join(', ')}`;
}
