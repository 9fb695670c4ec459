import { setTimeout as sleep } from 'node:timers/promises';
import { progressLine } from '../../../tools/stack/terminal/progress.ts';
import type { Report } from '../../../tools/stack/report.ts';
import { endOnSignals } from '../../../tools/test/signals.ts';
import { installLoad } from '../load.ts';
import { machine } from '../machine.ts';
import { startContest, type Contest } from './contenders.ts';
import { isParley, summarise, type Measured, type Summary } from './report.ts';

const inFlight = 16;
const rounds = 3;
const seconds = 5;
/** Long enough for the just-in-time compiler, pools and caches. */
const warmUpSeconds = 4;

/** A record may take this long to reach analytics. */
const recordedWithinMs = 30_000;

const tell = (line: string) => process.stderr.write(`${line}\n`);
const report: Report = (progress) => tell(progressLine(progress));

/**
 * `echo` of the same MCP server, called by the SDK's client straight over stdio, through npm's mcp-hub, and through ours
 * with permission, rate limit and durable audit on. Interleaved; the median of three rounds counts.
 */
export async function mcpBench({ json }: { json: boolean }): Promise<void> {
  endOnSignals();
  await installLoad(report);
  const contest = await startContest(report);
  try {
    const runs = await measure(contest);
    const answered = runs.filter(({ contender }) => isParley(contender)).reduce((sum, { good }) => sum + good, 0);
    const result = summarise(runs, await untilRecorded(contest, answered));
    if (json) console.log(JSON.stringify({ machine: machine(), in_flight: inFlight, ...result }, null, 2));
    else print(result);
    if (result.faults.length > 0) process.exitCode = 1;
  } finally {
    await contest.stop();
  }
}

async function measure({ contenders }: Contest): Promise<Measured[]> {
  const runs: Measured[] = [];
  for (let round = 0; round <= rounds; round += 1)
    for (const { name, run } of contenders) {
      const result = await run(inFlight, round === 0 ? warmUpSeconds : seconds);
      tell(`  ${round === 0 ? 'warm-up' : `round ${round}`}: ${name} ${result.perSecond.toFixed(0)}/s`);
      runs.push({ ...result, contender: name, round });
    }
  return runs;
}

async function untilRecorded(contest: Contest, answered: number): Promise<number> {
  const deadline = Date.now() + recordedWithinMs;
  let count = await contest.recorded();
  while (count < answered && Date.now() < deadline) {
    await sleep(250);
    count = await contest.recorded();
  }
  return count;
}

function print({ lines, mark, calls, faults }: Summary): void {
  const { cpu, cores, node, load } = machine();
  console.log(`\n${cores} × ${cpu}, Node ${node}, load ${load}; ${inFlight} calls in flight\n`);
  const rows = lines.map((line) => [
    line.contender,
    {
      'calls/s': Math.round(line.per_second),
      'p50 ms': Number(line.p50_ms.toFixed(1)),
      'p99 ms': Number(line.p99_ms.toFixed(1)),
      bad: line.bad,
      'of stdio': Number(line.of_stdio.toFixed(2)),
    },
  ]);
  console.table(Object.fromEntries(rows));
  console.log(`Parley answered ${calls.answered} calls; analytics has ${calls.recorded}.`);
  console.log(`${mark.met ? '✓' : '✗'} ${mark.reached.toFixed(2)} of stdio, at least ${mark.at_least}`);
  console.log(faults.length === 0 ? 'The run is valid.' : `The run is NOT valid: ${faults.join('; ')}.`);
}
