import type { Machine } from '../machine.ts';
import type { Line, Mark, Summary } from './report.ts';

/** The report as a person reads it. */
export function print({ machine, connections, ...summary }: Summary & { machine: Machine; connections: number }): void {
  const { lines, usage, marks, faults } = summary;
  const { cpu, cores, memory_gib, node, load } = machine;
  console.log(`\n${cores} × ${cpu}, ${memory_gib} GiB, Node ${node}, load ${load}; ${connections} connections\n`);
  console.table(Object.fromEntries(lines.map((line) => [`${line.job} ${line.contender}`, row(line)])));
  for (const line of lines.filter(({ contender }) => contender === 'parley')) console.log(breakdown(line));
  console.log(`Parley answered ${usage.answered} calls; analytics has ${usage.accounted}.`);
  for (const mark of marks) console.log(verdict(mark));
  console.log(faults.length === 0 ? 'The run is valid.' : `The run is NOT valid: ${faults.join('; ')}.`);
}

const row = (line: Line) => ({
  'answers/s': Math.round(line.per_second),
  'p50 ms': fixed(line.p50_ms, 1),
  'p99 ms': fixed(line.p99_ms, 1),
  'CPU ms each': fixed(line.cpu_ms_per_request, 3),
  bad: line.bad,
  'of floor': fixed(line.of_floor, 2),
  'times Portkey': line.times_portkey === null ? '–' : fixed(line.times_portkey, 1),
});

/** Dearest first; what is next to nothing is left out. */
function breakdown({ job, cpu_ms_per_request_by_process }: Line): string {
  const parts = Object.entries(cpu_ms_per_request_by_process)
    .filter(([, ms]) => ms >= 0.001)
    .sort(([, a], [, b]) => b - a)
    .map(([name, ms]) => `${name} ${ms.toFixed(3)}`);
  return `Parley's CPU ms per ${job} answer: ${parts.join(', ')}`;
}

const sentences = { of_floor: 'of the floor', times_portkey: 'times Portkey' } as const;

const verdict = ({ job, ratio, at_least, reached, met }: Mark): string =>
  `${met ? '✓' : '✗'} ${job}: ${reached === null ? 'nothing' : reached.toFixed(2)} ${sentences[ratio]}, at least ${at_least}`;

/** As a number, which console.table prints without quotes. */
const fixed = (value: number, digits: number): number => Number(value.toFixed(digits));
