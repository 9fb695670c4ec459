import { Agent, request } from 'undici';
import type { Result } from '../load.ts';
import { resultOf } from '../timings.ts';
import type { Target } from './contenders.ts';
import { firstWord, question } from './wire.ts';

/** Few enough that nobody waits for a processor: what is measured is the way, and not the queue. */
const inFlight = 2;
const body = question(true);

/** Asks for streams and reads them, a few at a time; the times are those until the first chunk with a token in it. */
export async function firstTokens({ url, headers }: Pick<Target, 'url' | 'headers'>, seconds: number): Promise<Result> {
  const dispatcher = new Agent({ connections: inFlight });
  const tookMs: number[] = [];
  let bad = 0;
  const stopAt = performance.now() + seconds * 1_000;
  const keepAsking = async () => {
    for (let askedAt = performance.now(); askedAt < stopAt; askedAt = performance.now()) {
      const firstAt = await readOne(`${url}/v1/chat/completions`, headers, dispatcher);
      if (firstAt === undefined) bad += 1;
      else tookMs.push(firstAt - askedAt);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, keepAsking));
  await dispatcher.close();
  return resultOf(tookMs, bad, seconds);
}

/** When the first token was there; undefined where there was none. */
async function readOne(url: string, headers: Target['headers'], dispatcher: Agent): Promise<number | undefined> {
  const sent = { 'content-type': 'application/json', ...headers };
  const response = await request(url, { method: 'POST', headers: sent, body, dispatcher });
  let firstAt: number | undefined;
  for await (const chunk of response.body as AsyncIterable<Buffer>)
    if (firstAt === undefined && chunk.includes(firstWord)) firstAt = performance.now();
  return firstAt;
}
