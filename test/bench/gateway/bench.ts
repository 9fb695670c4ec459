import { hold, untilComplete } from '../contest.ts';
import { cpuMs } from '../cpu.ts';
import { load } from '../load.ts';
import { inRounds } from '../rounds.ts';
import { answeredByParley } from '../speeds.ts';
import { startContest, type Contest, type Target, type Upstream } from './contenders.ts';
import { connections, print } from './print.ts';
import { firstTokens } from './first-token.ts';
import { summarise, type FirstTokens, type Job, type Measured, type Spent } from './report.ts';
import { question } from './wire.ts';

interface Question {
  readonly job: Job;
  readonly body: string;
  readonly expect: string;
  readonly upstreamMs: number;
}

const plain = { body: question(false), expect: 'word49' };
const streamed = { body: question(true), expect: 'data: [DONE]' };

/** A provider that answers at once shows what the programs cost, one that thinks for a while what a caller notices of it. */
const questions: readonly Question[] = [
  { job: 'plain', ...plain, upstreamMs: 0 },
  { job: 'streamed', ...streamed, upstreamMs: 0 },
  { job: 'plain, 20 ms', ...plain, upstreamMs: 20 },
  { job: 'streamed, 20 ms', ...streamed, upstreamMs: 20 },
];

/**
 * The same work by three programs in one run: an OpenAI request in, Anthropic's wire upstream, a translated answer out.
 * Interleaved, so that whatever else the machine does meets all of them; the median of three rounds counts.
 */
export const gatewayBench = (options: { json: boolean; quick: boolean }): Promise<void> =>
  hold({ start: startContest, measure: (contest) => measure(contest, options.quick ? 2 : 8), print }, options);

async function measure({ targets, upstream, accounted }: Contest, seconds: number) {
  const runs: Measured[] = [];
  for (const asked of questions) {
    await upstream.delay(asked.upstreamMs);
    const contenders = targets.map((target) => ({
      name: target.name,
      run: (length: number) => ask(target, asked, length),
    }));
    runs.push(...(await inRounds(contenders, { seconds, warmUpSeconds: seconds / 2, job: `${asked.job} ` })));
  }
  await upstream.delay(20, 20);
  const first = await untilFirstToken(targets, upstream, seconds / 2);
  const answered = answeredByParley(runs) + answeredByParley(first);
  const usage = { answered, accounted: await untilComplete(accounted, (calls) => calls >= answered) };
  return { connections, ...summarise(runs, first, usage) };
}

/** Of those that can stream, and of the upstream itself. */
function untilFirstToken(targets: readonly Target[], { url }: Upstream, seconds: number): Promise<FirstTokens[]> {
  const able = targets.filter(({ name }) => name !== 'portkey');
  const asked = [{ name: 'upstream' as const, url, headers: {} }, ...able];
  const contenders = asked.map((one) => ({ name: one.name, run: (length: number) => firstTokens(one, length) }));
  return inRounds(contenders, { seconds, warmUpSeconds: seconds / 2, job: 'first token ' });
}

async function ask({ url, headers, pids }: Target, { job, body, expect }: Question, seconds: number): Promise<Spent> {
  const before = cpuMs(pids());
  const result = await load({ url: `${url}/v1/chat/completions`, headers, body, expect, connections, seconds });
  const spent = Object.entries(cpuMs(pids())).map(([part, ms]) => [part, ms - (before[part] ?? 0)] as const);
  return { ...result, job, cpuMs: Object.fromEntries(spent) };
}
