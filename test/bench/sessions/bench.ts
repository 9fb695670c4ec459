import { setTimeout as sleep } from 'node:timers/promises';
import { progressLine } from '../../../tools/stack/terminal/progress.ts';
import type { Report } from '../../../tools/stack/report.ts';
import { endOnSignals } from '../../../tools/test/signals.ts';
import { installLoad } from '../load.ts';
import { machine } from '../machine.ts';
import { startContest, type Contest } from './contenders.ts';
import { summarise, type Measured, type Stored, type Summary } from './report.ts';

const connections = 64;
const rounds = 3;
const seconds = 5;
/** Long enough for the just-in-time compiler, pools and caches. */
const warmUpSeconds = 4;

/** The last events may take this long to leave. */
const toldWithinMs = 30_000;

const tell = (line: string) => process.stderr.write(`${line}\n`);
const report: Report = (progress) => tell(progressLine(progress));

/**
 * A message kept: by a bare insert of one row through pg, and through the service over HTTP with permission, rate limit and
 * event. Both in one PostgreSQL with fsync on; interleaved; the median of three rounds counts.
 */
export async function sessionsBench({ json }: { json: boolean }): Promise<void> {
  endOnSignals();
  await installLoad(report);
  const contest = await startContest(report);
  try {
    const runs = await measure(contest);
    const result = summarise(runs, await untilTold(contest));
    if (json) console.log(JSON.stringify({ machine: machine(), connections, ...result }, null, 2));
    else print(result);
    if (result.faults.length > 0) process.exitCode = 1;
  } finally {
    await contest.stop();
  }
}

async function measure({ contenders }: Contest): Promise<Measured[]> {
  const runs: Measured[] = [];
  for (let round = 0; round <= rounds; round += 1)
    for (const contender of contenders) {
      const { name } = contender;
      const result = await contender.run(connections, round === 0 ? warmUpSeconds : seconds);
      tell(`  ${round === 0 ? 'warm-up' : `round ${round}`}: ${name} ${result.perSecond.toFixed(0)}/s`);
      runs.push({ ...result, contender: name, round });
    }
  return runs;
}

async function untilTold(contest: Contest): Promise<Stored> {
  const deadline = Date.now() + toldWithinMs;
  let stored = await contest.stored();
  while (stored.waiting > 0 && Date.now() < deadline) {
    await sleep(250);
    stored = await contest.stored();
  }
  return stored;
}

function print({ lines, mark, appended, stored, faults }: Summary): void {
  const { cpu, cores, node, load } = machine();
  console.log(`\n${cores} × ${cpu}, Node ${node}, load ${load}; ${connections} connections\n`);
  const rows = lines.map((line) => [
    line.contender,
    {
      'messages/s': Math.round(line.per_second),
      'p50 ms': Number(line.p50_ms.toFixed(1)),
      'p99 ms': Number(line.p99_ms.toFixed(1)),
      bad: line.bad,
      'of bare': Number(line.of_bare.toFixed(2)),
    },
  ]);
  console.table(Object.fromEntries(rows));
  console.log(`Parley took ${appended} messages; ${stored.messages} are stored.`);
  console.log(`${mark.met ? '✓' : '✗'} ${mark.reached.toFixed(2)} of a bare insert, at least ${mark.at_least}`);
  console.log(faults.length === 0 ? 'The run is valid.' : `The run is NOT valid: ${faults.join('; ')}.`);
}
