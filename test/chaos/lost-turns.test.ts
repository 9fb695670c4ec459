import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@parley/testing';
import { startPlatform, type Platform } from '../../tools/stack/platform.ts';
import { databaseOf, query } from '../database.ts';
import { readAlong, type Reader } from './session-reader.ts';

/** Real: a whole platform of its own, with two gateways and two instances of sessions. Fake: the model provider. */
let platform: Platform;
/** A machine that is busy may take seconds for a checkpoint. */
const leaseMs = 8_000;

jest.setTimeout(120_000);

beforeAll(async () => {
  const env = { PARLEY_DRAIN_TIMEOUT_MS: '1000', TURN_LEASE_MS: String(leaseMs), SWEEP_INTERVAL_MS: '500' };
  platform = await startPlatform({ env });
  await platform.scale('sessions', 2);
  await platform.scale('gateway', 2);
}, 240_000);

afterAll(() => platform.stop(), 60_000);

const headers = (more: Readonly<Record<string, string>> = {}) => ({
  authorization: `Bearer ${platform.apiKey}`,
  'content-type': 'application/json',
  ...more,
});

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const init = body ? { body: JSON.stringify(body) } : {};
  const response = await fetch(platform.url + path, { method, headers: headers(), ...init });
  return (await response.json()) as T;
}

const newSession = async () => (await call<{ id: string }>('POST', '/v1/sessions', {})).id;

interface Message {
  readonly status: string;
  readonly content: readonly { readonly text: string }[];
}
const messagesOf = async (session: string) =>
  (await call<{ messages: Message[] }>('GET', `/v1/sessions/${session}`)).messages;
const wordsIn = (message: Message | undefined) => message?.content[0]?.text.trim().split(' ');

/** Asks through one gateway for so many words, 20 ms apart. */
const ask = (url: string, session: string, words: number) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: headers({ 'x-parley-session': session }),
    body: JSON.stringify({
      model: 'offline-small',
      messages: [{ role: 'user', content: `[offline: deltas=${words} delay=20] go on` }],
      stream: true,
    }),
  });

/** What the offline model says. */
const said = (count: number) => Array.from({ length: count }, (_, word) => `word${word}`);

const untilRead = (readers: readonly Reader[], words: number) =>
  eventually(() => expect(Math.min(...readers.map((reader) => reader.words.length))).toBeGreaterThan(words), {
    timeoutMs: 30_000,
  });

const usageOf = (service: 'gateway' | 'analytics', session: string) =>
  query<{ record: Record<string, unknown> }>(
    databaseOf(platform.env, service),
    service === 'gateway'
      ? `select record from usage_records where record->>'session_id' = $1`
      : 'select to_jsonb(usage_records) as record from usage_records where session_id = $1',
    [session],
  );

/** Edges of both gateways, the one to be asked first in front. */
function edges() {
  const second = platform.service('gateway', 2);
  return { second, first: [platform.url, second.edgeUrl ?? ''], last: [second.edgeUrl ?? '', platform.url] };
}

describe('Redis killed with kill -9 in the middle of a stream', () => {
  afterAll(() => platform.servers.redis?.start());

  it('keeps nothing of the answer from its caller, from being stored, or from readers, nor of the one that comes after its return', async () => {
    const { first, last } = edges();
    const session = await newSession();
    const count = 250;
    const asked = ask(platform.url, session, count).then((response) => response.text());
    await eventually(async () => expect(await messagesOf(session)).not.toEqual([]));
    const wanted = { session, apiKey: platform.apiKey };
    const readers = [readAlong(first, wanted), readAlong(last, wanted)];
    await untilRead(readers, 10);

    await platform.servers.redis?.kill9();

    // One who comes while Redis is away.
    readers.push(readAlong(first, wanted));
    const text = await asked;
    expect(text.match(/^data: .*"error".*$/gm)).toBeNull();
    expect(text.match(/word\d+/g)).toEqual(said(count));
    for (const reader of readers) {
      expect(await reader.ended).toMatchObject({ type: 'done' });
      expect(reader.words).toEqual(said(count));
    }
    const [, answer] = await messagesOf(session);
    expect(answer?.status).toBe('complete');
    expect(wordsIn(answer)).toEqual(said(count));

    await platform.servers.redis?.start();
    const next = ask(platform.url, session, count / 5);
    await eventually(async () => expect(await messagesOf(session)).toHaveLength(3));
    const live = readAlong(last, wanted);
    expect(await live.ended).toMatchObject({ type: 'done' });
    expect(live.words).toEqual(said(count / 5));
    await (await next).text();
  });
});

describe('a stop', () => {
  const stop = async (session: string, url = platform.url) =>
    (await fetch(`${url}/v1/sessions/${session}/stop`, { method: 'POST', headers: headers() })).status;

  /** A session that answers through the first gateway, and what its caller is told. */
  async function answering(url = platform.url) {
    const session = await newSession();
    const told = ask(url, session, 5_000).then((response) => response.text());
    told.catch(() => undefined);
    await eventually(async () => expect(await messagesOf(session)).toHaveLength(2));
    return { session, told };
  }

  it('through another gateway ends the answer within 500 ms, the best of three', async () => {
    const { last } = edges();
    const took: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { session, told } = await answering();
      const startedAt = performance.now();
      expect(await stop(session, last[0])).toBe(202);
      expect(await told).toContain('turn.stopped');
      took.push(performance.now() - startedAt);
    }
    expect(Math.min(...took)).toBeLessThan(500);
  });

  it('reaches the gateway by its next checkpoint while Redis is away', async () => {
    const { session, told } = await answering();
    await platform.servers.redis?.kill9();
    try {
      expect(await stop(session)).toBe(202);
      expect(await told).toContain('turn.stopped');
      expect((await messagesOf(session))[1]?.status).toBe('interrupted');
    } finally {
      await platform.servers.redis?.start();
    }
  });

  it('ends the turn of a gateway that was killed as cancelled, with one record', async () => {
    const { second } = edges();
    const { session, told } = await answering(second.edgeUrl);
    await second.kill9();
    try {
      await expect(told).rejects.toThrow();

      expect(await stop(session)).toBe(202);

      const turn = () =>
        query(databaseOf(platform.env, 'sessions'), 'select reason from turns where session_id = $1', [session]);
      await eventually(async () => expect(await turn()).toEqual([{ reason: 'cancelled' }]));
      await eventually(async () =>
        expect(await usageOf('gateway', session)).toMatchObject([{ record: { estimated: true } }]),
      );
    } finally {
      await second.start();
    }
  });
});

describe('a gateway killed with kill -9 in the middle of a stream', () => {
  it('leaves what came stored and marked, readers with all of it, the session usable and one record of usage', async () => {
    const { second, first, last } = edges();
    const session = await newSession();
    const asked = ask(second.edgeUrl ?? '', session, 5_000).then((response) => response.text());
    asked.catch(() => undefined);
    await eventually(async () => expect(await messagesOf(session)).not.toEqual([]));
    const wanted = { session, apiKey: platform.apiKey };
    const readers = [readAlong(first, wanted), readAlong(last, wanted)];
    await untilRead(readers, 10);
    await eventually(async () => expect(await messagesOf(session)).toHaveLength(2));

    await second.kill9();

    await expect(asked).rejects.toThrow();
    for (const { ended } of readers) expect(await ended).toMatchObject({ type: 'error', code: 'turn.interrupted' });
    const [, answer] = await messagesOf(session);
    const stored = wordsIn(answer) ?? [];
    expect(answer?.status).toBe('interrupted');
    expect(stored).toEqual(said(stored.length));
    // Who read along may have heard more than the last checkpoint kept.
    for (const { words } of readers) {
      expect(words.length).toBeGreaterThanOrEqual(stored.length);
      expect(words).toEqual(said(words.length));
    }
    // Who was at the gateway that was killed has gone on at the other.
    expect(readers[1]?.resumed).toBeGreaterThan(0);

    const record = { outcome: 'interrupted', estimated: true, streamed: true };
    await eventually(async () => expect(await usageOf('analytics', session)).toMatchObject([{ record }]));
    const [kept, ...more] = await usageOf('gateway', session);
    expect({ kept, more }).toMatchObject({ kept: { record }, more: [] });
    expect((kept?.record['tokens'] as { output: number }).output).toBeGreaterThan(0);

    const again = await ask(platform.url, session, 3);
    expect(again.status).toBe(200);
    await again.text();
    await eventually(async () => expect(await usageOf('analytics', session)).toHaveLength(2));
  });
});
