import { describe, expect, it } from '@jest/globals';
import type { RedisConnection } from '@parley/cache';
import { liveEntry, noTokens, type StreamDelta, type StreamEvent } from '@parley/contracts';
import { LiveFeed } from './live-feed.js';

const turnId = '00000000-0000-4000-8000-000000000001';

type Command = (client: object) => Promise<unknown>;

/** A feed into a Redis that answers when it is told to, and keeps what was published. */
function newFeed() {
  const published: string[] = [];
  const replies: PromiseWithResolvers<undefined>[] = [];
  const client = {
    xadd: async () => undefined,
    pexpire: async () => undefined,
    publish: async (_channel: string, text: string) => void published.push(text),
  };
  const redis = {
    available: true,
    run: async (command: Command) => {
      await command(client);
      const reply = Promise.withResolvers<undefined>();
      replies.push(reply);
      return reply.promise;
    },
  };
  const reply = async (fail?: Error) => {
    await settled();
    const last = replies.at(-1);
    if (fail) last?.reject(fail);
    else last?.resolve(undefined);
    await settled();
  };
  const sut = new LiveFeed(redis as unknown as RedisConnection, 'key', turnId);
  const entries = () => published.map((text) => liveEntry.parse(JSON.parse(text)));
  /** Each entry's number, and the words in it. */
  const words = () => entries().map((entry) => (entry.type === 'events' ? [entry.n, ...entry.events.map(wordOf)] : []));
  return { sut, redis, reply, entries, words };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

const word = (text: string): StreamEvent => ({ type: 'delta', index: 0, delta: { type: 'text', text } });
const wordOf = (event: StreamEvent) => (event as { delta: Extract<StreamDelta, { type: 'text' }> }).delta.text;

describe('the feed of an answer', () => {
  it('has the answer’s events, without what is the provider’s own', async () => {
    const { sut, entries } = newFeed();
    const native = { vendor: 'openai' as const, text: '{}' };
    sut.add([
      { type: 'start', id: '1', model: 'm', created: 0, dropped: [], native },
      { type: 'vendor', native },
      { ...word('Hello'), native },
      { type: 'end', tokens: noTokens, native },
    ]);
    await settled();
    const events: StreamEvent[] = [
      { type: 'start', id: '1', model: 'm', created: 0, dropped: [] },
      word('Hello'),
      { type: 'end', tokens: noTokens },
    ];
    expect(entries()).toEqual([{ type: 'events', turn_id: turnId, n: 1, events }]);
  });

  it('says nothing where a batch has nothing but the provider’s own', async () => {
    const { sut, entries } = newFeed();
    sut.add([{ type: 'vendor', native: { vendor: 'openai', text: '{}' } }]);
    await settled();
    expect(entries()).toEqual([]);
  });

  it('joins what comes while a message is under way into the next', async () => {
    const { sut, reply, words } = newFeed();
    for (const text of ['a', 'b', 'c']) sut.add([word(text)]);
    expect(words()).toEqual([[1, 'a']]);
    await reply();
    sut.add([word('d')]);
    await reply();
    await reply();
    sut.add([word('e')]);
    await settled();
    expect(words()).toEqual([
      [1, 'a'],
      [2, 'b', 'c'],
      [3, 'd'],
      [4, 'e'],
    ]);
  });

  it('goes on after a failure', async () => {
    const { sut, reply, words } = newFeed();
    for (const text of ['a', 'b']) sut.add([word(text)]);
    await reply(new Error('timed out'));
    expect(words()).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  it('leaves out what comes while Redis is away, which the count shows', async () => {
    const { sut, redis, reply, words } = newFeed();
    sut.add([word('a')]);
    await reply();
    redis.available = false;
    for (const text of ['b', 'c']) sut.add([word(text)]);
    redis.available = true;
    sut.add([word('d')]);
    await settled();
    expect(words()).toEqual([
      [1, 'a'],
      [4, 'd'],
    ]);
  });

  it('holds a bounded part of an answer for a Redis that is slow, and the count shows what was left out', async () => {
    const { sut, reply, words } = newFeed();
    sut.add([word('a')]);
    for (const text of ['x', 'y', 'z']) sut.add([word(text.repeat(400_000))]);
    sut.add([word('b')]);
    await reply();
    expect(words()).toEqual([
      [1, 'a'],
      [3, 'b'],
    ]);
  });
});
