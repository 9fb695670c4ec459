import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { InstanceHealth } from '@parley/contracts';
import { eventually, severable, type Severable } from '@parley/testing';
import { Feed } from './feed.js';
import { Follower } from './follower.js';
import { newPlatform, part, text, whole, type Caller, type Instance, type Platform } from './sessions-under-test.js';

/** Real: PostgreSQL, and Redis behind an address that can be cut or hung for one of the instances. Played: auth, the gateway. */
let platform: Platform;
let way: Severable;
let cut: Instance;
let caller: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  way = await severable(platform.redis.url);
  cut = await platform.start({ REDIS_URL: way.url, RETENTION_INTERVAL_MS: '100' });
  caller = cut.caller();
}, 60_000);
afterAll(async () => {
  await platform.stop();
  await way.close();
});

/** Until the instance has found Redis again. */
beforeEach(() =>
  eventually(async () => {
    const { parts } = (await (await fetch(`${cut.url}/health`)).json()) as InstanceHealth;
    expect(parts['redis']).toEqual({ status: 'ok' });
  }),
);

const says = (follower: Follower, words: string) => eventually(() => expect(follower.text).toBe(words));
const ends = (follower: Follower, type: string) =>
  eventually(() => expect(follower.data.at(-1)).toMatchObject({ type }));

async function saying(...words: string[]) {
  const turn = await caller.openNew();
  const feed = new Feed(platform.redis, caller.tenantId, turn.id, turn.turnId);
  await feed.start();
  for (const said of words) await feed.say(said);
  return { ...turn, feed };
}

describe('while Redis is away', () => {
  it.each(['cut', 'hang'] as const)(
    '(%s) answers are read from what is stored, and live again when it is back',
    async (how) => {
      const turn = await saying('One ');
      const reader = await Follower.of(cut, caller, turn.id);
      await says(reader, 'One ');

      await way[how]();
      await turn.feed.say('two ');
      await caller.turn(turn.turnId, 'checkpoint', part(turn.lease, [text('One two ')]));
      await says(reader, 'One two ');
      const late = await Follower.of(cut, caller, turn.id);
      await says(late, 'One two ');

      await way.restore();
      await turn.feed.say('three ');
      for (const follower of [reader, late]) await says(follower, 'One two three ');

      await caller.turn(turn.turnId, 'complete', whole(turn.lease, [text('One two three four')]));
      for (const follower of [reader, late]) {
        await ends(follower, 'done');
        expect(follower.text).toBe('One two three four');
        follower.leave();
      }
    },
  );

  it('turns are opened and end, and who reads along is told of the next one', async () => {
    await way.cut();
    const turn = await caller.openNew();
    const reader = await Follower.of(cut, caller, turn.id);
    await caller.turn(turn.turnId, 'complete', whole(turn.lease, [text('Far.')]));
    await ends(reader, 'done');
    const next = await caller.ask(turn.id, [{ role: 'user', content: [text('!')] }], 'Farther.');
    await says(reader, 'Far.Farther.');
    expect(reader.data).toContainEqual(expect.objectContaining({ type: 'turn', turn_id: next }));
    await way.restore();
    reader.leave();
  });
});

describe('what Redis did not tell of', () => {
  // Each of the two is found out after 5 s of silence.
  it('is found out within seconds: an end, and a deletion', async () => {
    const turn = await saying('One ');
    const reader = await Follower.of(cut, caller, turn.id);
    await says(reader, 'One ');
    await platform.database.query(
      `update turns set status = 'interrupted', reason = 'cancelled', ended_at = now() where id = '${turn.turnId}'`,
    );
    await ends(reader, 'error');
    await platform.database.query(`delete from sessions where id = '${turn.id}'`);
    expect((await reader.end()).data.at(-1)).toMatchObject({ type: 'error', code: 'session.not_found' });
  }, 40_000);

  it('a session that its tenant’s retention deletes ends for its readers', async () => {
    const admin = cut.caller(caller.tenantId, { permissions: ['sessions:administer'] });
    const { id } = await caller.newSession();
    const reader = await Follower.of(cut, caller, id);
    await platform.database.query(
      `update sessions set updated_at = now() - interval '3 days', created_at = now() - interval '3 days' where id = '${id}'`,
    );
    await admin.ok('PUT', '/v1/sessions/retention', { days: 2 });
    expect((await reader.end()).data.at(-1)).toMatchObject({ type: 'error', code: 'session.not_found' });
    await admin.ok('PUT', '/v1/sessions/retention', { days: null });
  });
});

describe('readers', () => {
  it('are as many as an instance, and a tenant in it, may have', async () => {
    const at = await platform.start({ LIVE_MAX_READERS: '2', LIVE_MAX_READERS_PER_TENANT: '1' });
    const callers = [caller, at.caller(), at.caller()];
    const sessions = await Promise.all(callers.map((one) => one.newSession()));
    const follow = (index: number) => Follower.of(at, callers[index] as Caller, sessions[index]?.id ?? '');
    const first = await follow(0);
    expect((await follow(0)).status).toBe(429);
    const second = await follow(1);
    expect((await follow(2)).status).toBe(503);
    first.leave();
    const third = await eventually(async () => {
      const follower = await follow(2);
      expect(follower.status).toBe(200);
      return follower;
    });
    for (const follower of [second, third]) follower.leave();
    await at.stop();
  });

  it('are told to come again when their time is over, and when the instance shuts down', async () => {
    const at = await platform.start({ LIVE_MAX_MS: '1000' });
    const { id } = await caller.newSession();
    const timed = await (await Follower.of(at, caller, id)).end();
    expect(timed.data).toEqual([expect.objectContaining({ type: 'error', code: 'service.timeout' })]);
    await at.stop();

    const draining = await platform.start();
    const reader = await Follower.of(draining, caller, id, { format: 'openai' });
    await draining.stop();
    expect(JSON.stringify((await reader.end()).data)).toContain('service.draining');
  });

  it('who have nothing to read are told that the stream lives', async () => {
    const at = await platform.start({ STREAM_HEARTBEAT_MS: '100' });
    const { id } = await caller.newSession();
    const response = await fetch(`${at.url}/v1/sessions/${id}/events`, {
      headers: { authorization: `Bearer ${caller.token}` },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    while (!heard.includes(': heartbeat\n\n: heartbeat\n\n')) heard += (await reader.read()).value ?? '';
    expect(heard).toMatch(/^retry: 1000\n\n/);
    await reader.cancel();
    await at.stop();
  });

  it('who take nothing are cut off, and hold nobody up', async () => {
    const at = await platform.start({ STREAM_READER_TIMEOUT_MS: '500' });
    const turn = await caller.openNew();
    const words = 'a long answer '.repeat(1_000_000);
    await caller.turn(turn.turnId, 'complete', whole(turn.lease, [text(words)]));

    const { hostname, port } = new URL(at.url);
    const stalled = connect(Number(port), hostname).on('error', () => undefined);
    const closed = once(stalled, 'close');
    stalled.pause();
    stalled.write(
      `GET /v1/sessions/${turn.id}/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${caller.token}\r\n\r\n`,
    );

    const reader = await Follower.of(at, caller, turn.id);
    await ends(reader, 'done');
    expect(reader.text).toBe(words);
    await eventually(async () => expect(await readers(at)).toBe(1));
    reader.leave();
    await eventually(async () => expect(await readers(at)).toBe(0));
    stalled.destroy();
    await closed;
    await at.stop();
  });
});

async function readers(at: Instance): Promise<number> {
  const metrics = await (await fetch(`${at.url}/metrics`)).text();
  return Number(/^live_stream_readers (\d+)$/m.exec(metrics)?.[1]);
}
