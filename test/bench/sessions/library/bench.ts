import { hold } from '../../contest.ts';
import type { Machine } from '../../machine.ts';
import { fixed, printMachine, printTable, printValidity } from '../../print.ts';
import { inRounds } from '../../rounds.ts';
import { connections, startContest, type Contest } from './contest.ts';
import { summarise, type Asked, type Ceiling, type Summary } from './report.ts';
import { messagesEach, type Size } from './seed.ts';

const sizes: readonly Size[] = [
  { name: '100,000', sessions: 2_000 },
  { name: '1,000,000', sessions: 20_000 },
];

/**
 * Sessions listed, read and searched over HTTP, and the same answers by bare SQL with an index for each; with a hundred
 * thousand messages, then with a million. Interleaved; the median of three rounds counts.
 */
export const libraryBench = (options: { json: boolean; quick: boolean }): Promise<void> =>
  hold({ start: startContest, measure: (contest) => measure(contest, options.quick ? 0.3 : 1.5), print }, options);

async function measure({ grow, differences, contenders }: Contest, seconds: number): Promise<Summary> {
  const asked: Asked[] = [];
  for (const size of sizes)
    for (const question of await grow(size)) {
      const job = `${size.name}, ${question.name}: `;
      const differ = await differences(question);
      const runs = await inRounds(contenders(question), { seconds, warmUpSeconds: seconds / 2, job });
      asked.push({ question: question.name, size: size.name, runs, differences: differ });
    }
  return summarise(asked);
}

function print({ machine, lines, marks, faults }: Summary & { readonly machine: Machine }): void {
  printMachine(machine, `${connections} connections, sessions of ${messagesEach} messages`);
  for (const { name } of sizes) {
    console.log(`With ${name} messages:`);
    printTable(lines.filter(({ size }) => size === name).map((line) => [line.question, rowOf(line)]));
  }
  printCeiling(marks.times_bare, 'times the bare SQL’s p95');
  printCeiling(marks.growth, 'times the p95 before');
  printValidity(faults);
}

const rowOf = ({ bare, parley, times_bare, growth }: Summary['lines'][number]) => ({
  'bare p50 ms': fixed(bare.p50_ms, 2),
  'bare p95 ms': fixed(bare.p95_ms, 2),
  'p50 ms': fixed(parley.p50_ms, 2),
  'p95 ms': fixed(parley.p95_ms, 2),
  'times bare': fixed(times_bare, 2),
  grown: growth === null ? '' : fixed(growth, 2),
});

const printCeiling = ({ at_most, reached, by, met }: Ceiling, ofWhat: string): void =>
  console.log(`${met ? '✓' : '✗'} ${reached.toFixed(2)} ${ofWhat} (${by}), at most ${at_most}`);
