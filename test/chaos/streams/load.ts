/** So many streams at once, in a process of its own: `node load.ts '{"url":…,"key":…,"streams":500,"words":600,"pauseMs":100}'`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { readStream, type Seen } from './read-stream.ts';

export interface StreamLoad {
  /** Of the platform or of its upstream, without `/v1`. */
  readonly url: string;
  readonly key: string;
  readonly streams: number;
  readonly words: number;
  /** Before each word. */
  readonly pauseMs: number;
}

const { url, key, streams, words, pauseMs } = JSON.parse(process.argv[2] ?? '') as StreamLoad;
const body = JSON.stringify({
  model: 'offline-small',
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content: `[offline: deltas=${words} delay=${pauseMs}] go on` }],
});

/** They begin one after the other, all within a second. */
const one = async (index: number): Promise<Seen> => {
  await sleep((index / streams) * 1_000);
  return readStream({ url, key, body, words }, randomUUID());
};
console.log(JSON.stringify(await Promise.all(Array.from({ length: streams }, (_, index) => one(index)))));
