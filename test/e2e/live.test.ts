// Through the edge, and where an instance is named straight to one of two of the sessions service.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LiveFormat, UsageRecord } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { databaseOf, query } from '../database.ts';
import { events, follow, type LiveEvent, type Reading } from './live-reader.ts';
import { anthropic, call, demoKey, login, model, openai, question, url } from './platform.js';
import { rejection } from './questions.js';
import { twoSessionsInstances } from './sessions-instances.ts';

let token: string;
/** Two sessions instances. */
let instances: readonly string[];

beforeAll(async () => {
  [token, instances] = await Promise.all([login().then(({ access_token }) => access_token), twoSessionsInstances()]);
}, 60_000);

interface Stored {
  readonly turn_id: string;
  readonly status: string;
  readonly content: readonly { text?: string }[];
  readonly tokens: UsageRecord['tokens'] | null;
  readonly cost_usd: string | null;
}

const newSession = async (body: object = { model }) =>
  String((await call('POST', '/v1/sessions', { key: demoKey, body })).json()['id']);
const inSession = (id: string) => ({ headers: { 'x-parley-session': id } });
const messagesOf = async (id: string) =>
  (await call('GET', `/v1/sessions/${id}`, { key: demoKey })).json()['messages'] as Stored[];
const textOf = ({ content }: Stored) => content.map(({ text = '' }) => text).join('');
const user = (content: string) => [{ role: 'user' as const, content }];
/** An answer of so many words, each some milliseconds after the one before. */
const words = (count: number, delay: number) => user(`[offline: deltas=${count} delay=${delay}] go`);

const stop = (id: string, at = url, body?: object) =>
  fetch(`${at}/v1/sessions/${id}/stop`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });

const chat = (id: string, messages = words(200, 30)) =>
  openai().chat.completions.create({ model, messages, stream: true }, inSession(id));

describe('a stop', () => {
  it.each(['the edge', 'one instance', 'the other instance'])(
    'by another client through %s ends the answer within 500 ms, and keeps what came',
    async (through) => {
      const at = { 'the edge': url, 'one instance': instances[0], 'the other instance': instances[1] }[through];
      const took: number[] = [];
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const id = await newSession();
        const stream = await chat(id);
        let read = '';
        let stopped: number | undefined;
        const reading = async () => {
          for await (const chunk of stream) {
            read += chunk.choices[0]?.delta.content ?? '';
            if (stopped !== undefined || !read.includes('word3')) continue;
            stopped = performance.now();
            expect((await stop(id, at)).status).toBe(202);
          }
        };
        expect(await rejection(reading())).toMatchObject({ code: 'turn.stopped' });
        took.push(performance.now() - (stopped ?? Infinity));

        const [, answer] = await messagesOf(id);
        expect(answer).toMatchObject({ status: 'interrupted', tokens: expect.anything() });
        expect(textOf(answer as Stored)).toContain(read);
        expect(textOf(answer as Stored)).not.toContain('word199');
        await openai().chat.completions.create({ model, messages: question }, inSession(id));
      }
      expect(Math.min(...took)).toBeLessThan(500);
    },
  );

  it('puts the answer on record once, as cancelled, for what it has cost, which its message says too', async () => {
    const id = await newSession();
    const asked = { model: 'claude-opus-4-8', max_tokens: 999, messages: words(200, 30) };
    const stream = anthropic().messages.stream(asked, inSession(id));
    stream.once('text', () => void stop(id));
    expect(await rejection(stream.finalMessage())).toMatchObject({ message: expect.stringContaining('turn.stopped') });

    const [, answer] = await messagesOf(id);
    const records = await query<{ record: UsageRecord }>(
      databaseOf(process.env, 'gateway'),
      `select record from usage_records where record->>'session_id' = $1`,
      [id],
    );
    expect(records.map(({ record }) => record)).toEqual([
      expect.objectContaining({ outcome: 'cancelled', estimated: true, tokens: answer?.tokens }),
    ]);
    expect(records[0]?.record.cost_usd).toBe(answer?.cost_usd);
    expect(Number(answer?.cost_usd)).toBeGreaterThan(0);
    expect(answer?.tokens?.output).toBeGreaterThan(0);
  });

  it('answers who waits for the whole answer 409, which no client tries again', async () => {
    const id = await newSession();
    const asked = openai().chat.completions.create(
      { model, messages: user('[offline: delay=5000] go') },
      { ...inSession(id), maxRetries: 2 },
    );
    await eventually(async () => expect((await stop(id)).status).toBe(202));
    expect(await rejection(asked)).toMatchObject({ status: 409, code: 'turn.stopped' });
    expect(await messagesOf(id)).toMatchObject([{ status: 'complete' }]);
    expect(await (await stop(id)).json()).toMatchObject({ status: 409, code: 'turn.not_running' });
  });

  it('ends what the circle of experts was asked in a session', async () => {
    const id = await newSession();
    const asked = openai().chat.completions.create(
      { model: 'circle', messages: user('[offline: delay=8000] Why?') },
      inSession(id),
    );
    await eventually(async () => expect((await stop(id)).status).toBe(202));
    expect(await rejection(asked)).toMatchObject({ status: 409, code: 'turn.stopped' });
    await openai().chat.completions.create({ model, messages: question }, inSession(id));
  });

  it('of another turn than the one under way does nothing to it', async () => {
    const id = await newSession();
    const stream = await chat(id, words(20, 30));
    expect((await stop(id, url, { turn_id: crypto.randomUUID() })).status).toBe(409);
    let read = '';
    for await (const chunk of stream) read += chunk.choices[0]?.delta.content ?? '';
    expect(read).toContain('word19');
  });
});

const formats: readonly LiveFormat[] = ['parley', 'openai', 'anthropic'];

describe('readers of a session', () => {
  const either = () => instances[Math.floor(Math.random() * instances.length)] ?? url;

  /** Reads to the end of the turn, leaving after a few events to go on behind the last one, at either instance. */
  async function readInPieces(reading: Omit<Reading, 'at'>, pieces: () => number): Promise<LiveEvent[]> {
    const read: LiveEvent[] = [];
    while (read.at(-1)?.isLast !== true) {
      let left = pieces();
      for await (const event of events({ ...reading, at: either(), after: read.at(-1)?.id })) {
        read.push(event);
        left -= 1;
        if (left === 0) break;
      }
    }
    return read;
  }
  const said = (read: readonly LiveEvent[]) => read.map(({ text }) => text).join('');
  const few = () => 1 + Math.floor(Math.random() * 12);

  it('get all of the answer once, in any format, however often and wherever they leave and come back', async () => {
    const session = await newSession();
    const stream = await chat(session, words(120, 25));
    const readers = Array.from({ length: 24 }, (_, n) => {
      const format = formats[n % formats.length] ?? 'parley';
      return readInPieces({ session, token, format }, n < formats.length ? () => Infinity : few);
    });
    for await (const chunk of stream) expect(chunk).toBeDefined();

    const [, answer] = await messagesOf(session);
    for (const read of await Promise.all(readers)) {
      expect(said(read)).toBe(textOf(answer as Stored));
      expect(read.every(({ id }) => id !== '')).toBe(true);
    }
  });

  it('may also come after the end, at its beginning or behind any event', async () => {
    const session = await newSession();
    for await (const chunk of await chat(session, words(30, 1))) expect(chunk).toBeDefined();
    for (const format of formats) {
      const whole = await Array.fromAsync(events({ at: url, token, session, format }));
      const places = whole.slice(0, -1).filter((_, index) => index % 5 === 0);
      const rests = places.map(({ id }) =>
        Array.fromAsync(events({ at: either(), token, session, format, after: id })),
      );
      const expected = places.map((place) => whole.slice(whole.indexOf(place) + 1));
      expect((await Promise.all(rests)).map(said)).toEqual(expected.map(said));
    }
  });

  it('are told when it is stopped, with what came before', async () => {
    const session = await newSession();
    const reading = Array.fromAsync(events({ at: either(), token, session, format: 'parley' }));
    const asked = { model, max_tokens: 999, messages: words(200, 30) };
    const stream = anthropic().messages.stream(asked, inSession(session));
    stream.once('text', () => void stop(session, either()));
    await rejection(stream.finalMessage());
    const read = await reading;
    const [, answer] = await messagesOf(session);
    expect(read[0]?.data).toMatchObject({ type: 'turn', turn_id: answer?.turn_id });
    expect(read.at(-1)?.data).toMatchObject({ type: 'error', code: 'turn.stopped' });
    expect(said(read)).toBe(textOf(answer as Stored));
  });

  it('of Parley’s own format go on with the next turn, until the session is deleted', async () => {
    const session = await newSession();
    for await (const chunk of await chat(session, words(3, 1))) expect(chunk).toBeDefined();
    const [first] = await Array.fromAsync(events({ at: either(), token, session, format: 'parley' }));
    const all = follow({ at: either(), token, session, format: 'parley' });
    await all.next();
    for await (const chunk of await chat(session, words(5, 20))) expect(chunk).toBeDefined();
    const turns: unknown[] = [first?.data['turn_id']];
    for (let next = await all.next(); turns.length < 2; next = await all.next())
      if (next.value?.data['type'] === 'turn') turns.push(next.value.data['turn_id']);
    expect(turns).toEqual((await messagesOf(session)).filter((_, n) => n % 2 === 1).map(({ turn_id }) => turn_id));
    await call('DELETE', `/v1/sessions/${session}`, { key: demoKey });
    expect((await Array.fromAsync(all)).at(-1)?.data).toMatchObject({ type: 'error', code: 'session.not_found' });
  });

  it('who leave stop nothing', async () => {
    const session = await newSession();
    const stream = await chat(session, words(40, 25));
    for (const format of formats)
      for await (const { id } of events({ at: either(), token, session, format })) if (id !== '') break;
    let read = '';
    for await (const chunk of stream) read += chunk.choices[0]?.delta.content ?? '';
    expect(read).toContain('word39');
    expect((await messagesOf(session))[1]).toMatchObject({ status: 'complete' });
  });
});
