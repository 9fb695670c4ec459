import { setTimeout as sleep } from 'node:timers/promises';
import { progressLine } from '../../../tools/stack/terminal/progress.ts';
import type { Report } from '../../../tools/stack/report.ts';
import { endOnSignals } from '../../../tools/test/signals.ts';
import { cpuMs } from '../cpu.ts';
import { installLoad, load } from '../load.ts';
import { machine } from '../machine.ts';
import { startContest, type Contender, type Contest } from './contenders.ts';
import { print } from './print.ts';
import { summarise, type Job, type Measured } from './report.ts';
import { question } from './wire.ts';

const connections = 64;
const rounds = 3;
const seconds = 8;
/** Long enough for the just-in-time compiler, pools and caches. */
const warmUpSeconds = 4;

const jobs: readonly { readonly job: Job; readonly body: string; readonly expect: string }[] = [
  { job: 'plain', body: question(false), expect: 'word49' },
  { job: 'streamed', body: question(true), expect: 'data: [DONE]' },
];

/** A record may take this long to reach analytics; within 5 s is what the platform promises. */
const accountedWithinMs = 30_000;

const tell = (line: string) => process.stderr.write(`${line}\n`);
const report: Report = (progress) => tell(progressLine(progress));

/**
 * The same work by three programs in one run: an OpenAI request in, Anthropic's wire upstream, a translated answer out.
 * Interleaved, so that whatever else the machine does meets all of them; the median of three rounds counts.
 */
export async function gatewayBench({ json }: { json: boolean }): Promise<void> {
  endOnSignals();
  await installLoad(report);
  const contest = await startContest(report);
  try {
    const runs = await measure(contest);
    const answered = runs.filter(({ contender }) => contender === 'parley').reduce((sum, { good }) => sum + good, 0);
    const usage = { answered, accounted: await untilAccounted(contest, answered) };
    const result = { machine: machine(), connections, ...summarise(runs, usage) };
    if (json) console.log(JSON.stringify(result, null, 2));
    else print(result);
    if (result.faults.length > 0) process.exitCode = 1;
  } finally {
    await contest.stop();
  }
}

async function measure({ contenders }: Contest): Promise<Measured[]> {
  const runs: Measured[] = [];
  for (const job of jobs) {
    const able: Contender[] = [];
    for (const contender of contenders) {
      const warmUp = await once(contender, job, 0, warmUpSeconds);
      runs.push(warmUp);
      if (warmUp.good > 0) able.push(contender);
    }
    for (let round = 1; round <= rounds; round += 1)
      for (const contender of able) runs.push(await once(contender, job, round, seconds));
  }
  return runs;
}

async function once(
  { name, url, headers, pids }: Contender,
  { job, body, expect }: (typeof jobs)[number],
  round: number,
  time: number,
): Promise<Measured> {
  const before = cpuMs(pids());
  const target = `${url}/v1/chat/completions`;
  const result = await load({ url: target, headers, body, expect, connections, seconds: time });
  const spent = Object.entries(cpuMs(pids())).map(([part, ms]) => [part, ms - (before[part] ?? 0)] as const);
  tell(`  ${job} ${round === 0 ? 'warm-up' : `round ${round}`}: ${name} ${result.perSecond.toFixed(0)}/s`);
  return { ...result, contender: name, job, round, cpuMs: Object.fromEntries(spent) };
}

/** What analytics has of this run's key, once it has all that was answered, or time is up. */
async function untilAccounted(contest: Contest, answered: number): Promise<number> {
  const deadline = Date.now() + accountedWithinMs;
  let count = await contest.accounted();
  while (count < answered && Date.now() < deadline) {
    await sleep(250);
    count = await contest.accounted();
  }
  return count;
}
