import { hold, untilComplete } from '../contest.ts';
import { cpuMs } from '../cpu.ts';
import { load } from '../load.ts';
import { inRounds } from '../rounds.ts';
import { answeredByParley } from '../speeds.ts';
import { startContest, type Contest, type Target } from './contenders.ts';
import { connections, print } from './print.ts';
import { summarise, type Job, type Measured, type Spent } from './report.ts';
import { question } from './wire.ts';

interface Question {
  readonly job: Job;
  readonly body: string;
  readonly expect: string;
}

const questions: readonly Question[] = [
  { job: 'plain', body: question(false), expect: 'word49' },
  { job: 'streamed', body: question(true), expect: 'data: [DONE]' },
];

/**
 * The same work by three programs in one run: an OpenAI request in, Anthropic's wire upstream, a translated answer out.
 * Interleaved, so that whatever else the machine does meets all of them; the median of three rounds counts.
 */
export const gatewayBench = (options: { json: boolean }): Promise<void> =>
  hold({ start: startContest, measure, print }, options);

async function measure({ targets, accounted }: Contest) {
  const runs: Measured[] = [];
  for (const asked of questions) {
    const contenders = targets.map((target) => ({
      name: target.name,
      run: (seconds: number) => ask(target, asked, seconds),
    }));
    runs.push(...(await inRounds(contenders, { seconds: 8, job: `${asked.job} ` })));
  }
  const answered = answeredByParley(runs);
  const usage = { answered, accounted: await untilComplete(accounted, (calls) => calls >= answered) };
  return { connections, ...summarise(runs, usage) };
}

async function ask({ url, headers, pids }: Target, { job, ...asked }: Question, seconds: number): Promise<Spent> {
  const before = cpuMs(pids());
  const result = await load({ url: `${url}/v1/chat/completions`, headers, ...asked, connections, seconds });
  const spent = Object.entries(cpuMs(pids())).map(([part, ms]) => [part, ms - (before[part] ?? 0)] as const);
  return { ...result, job, cpuMs: Object.fromEntries(spent) };
}
