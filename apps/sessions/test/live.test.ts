import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LiveFormat } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { Feed } from './feed.js';
import { Follower, wordsOf } from './follower.js';
import {
  broken,
  newPlatform,
  part,
  text,
  user,
  whole,
  type Caller,
  type Instance,
  type Platform,
} from './sessions-under-test.js';

const formats: LiveFormat[] = ['parley', 'openai', 'anthropic'];

/** Real: PostgreSQL, Redis, and two instances of the service. Played: auth, and the gateway, which feeds and stores the answer. */
let platform: Platform;
let one: Instance;
let other: Instance;
let caller: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  [one, other] = await Promise.all([platform.start(), platform.start()]);
  caller = one.caller();
}, 60_000);
afterAll(() => platform.stop());

const follow = (at: Instance, id: string, following: Parameters<typeof Follower.of>[3] = {}) =>
  Follower.of(at, caller, id, following);

/** A turn under way, of which the words were said. */
async function saying(...words: string[]) {
  const turn = await caller.openNew();
  const feed = new Feed(platform.redis, caller.tenantId, turn.id, turn.turnId);
  await feed.start();
  for (const said of words) await feed.say(said);
  return { ...turn, feed };
}

const complete = async ({ turnId, lease }: { turnId: string; lease: string }, words: string) =>
  expect((await caller.turn(turnId, 'complete', whole(lease, [text(words)]))).status).toBe(200);

const says = (follower: Follower, words: string) => eventually(() => expect(follower.text).toBe(words));

describe('a running answer', () => {
  it('is read as it comes, through any instance, from its start, and to its end', async () => {
    const turn = await saying('One ');
    const readers = await Promise.all([one, other].map((at) => follow(at, turn.id)));
    for (const reader of readers) await says(reader, 'One ');
    await turn.feed.say('two');
    for (const reader of readers) await says(reader, 'One two');
    await complete(turn, 'One two');
    for (const reader of readers) {
      await eventually(() => expect(reader.data.at(-1)).toMatchObject({ type: 'done', finish_reason: 'end' }));
      expect(reader.data[0]).toMatchObject({
        type: 'turn',
        turn_id: turn.turnId,
        session_id: turn.id,
        model: 'a-model',
      });
      expect(reader.text).toBe('One two');
      reader.leave();
    }
  });

  it.each(formats)('is gone on with after any event, without a gap or a double, as %s', async (format) => {
    const turn = await saying('One ', 'two ');
    const first = await follow(one, turn.id, { format });
    await says(first, 'One two ');
    for (const [index, id] of first.ids.entries()) {
      const resumed = await follow(other, turn.id, { format, lastEventId: id, inQuery: index % 2 === 0 });
      const before = wordsOf(first.data.slice(0, index + 1));
      await says(resumed, 'One two '.slice(before.length));
      resumed.leave();
    }
    await turn.feed.say('three');
    await complete(turn, 'One two three');
    if (format === 'parley') await eventually(() => expect(first.data.at(-1)).toMatchObject({ type: 'done' }));
    else await first.end();
    expect(first.text).toBe('One two three');
    for (const [index, id] of first.ids.slice(0, -1).entries()) {
      const resumed = await follow(other, turn.id, { format, lastEventId: id });
      await eventually(() => expect(resumed.ids.at(-1)).toBe(first.ids.at(-1)));
      const before = wordsOf(first.data.slice(0, index + 1));
      expect(resumed.text).toBe('One two three'.slice(before.length));
      resumed.leave();
    }
    first.leave();
  });

  it('ends with the error that tells how it broke off', async () => {
    for (const [reason, code] of [
      ['cancelled', 'turn.stopped'],
      ['failed', 'turn.interrupted'],
    ] as const) {
      const turn = await saying('One ');
      const readers = await Promise.all(formats.map((format) => follow(other, turn.id, { format })));
      for (const reader of readers) await says(reader, 'One ');
      await caller.turn(turn.turnId, 'interrupt', broken(turn.lease, [text('One two')], reason));
      for (const reader of readers) {
        await eventually(() => expect(JSON.stringify(reader.data.at(-1))).toContain(code));
        expect(reader.text).toBe('One two');
        reader.leave();
      }
    }
  });

  it('whose entries are lost is read from what checkpoints keep, and is whole in the end', async () => {
    const turn = await saying('One ');
    const reader = await follow(one, turn.id);
    await says(reader, 'One ');
    turn.feed.lose();
    await turn.feed.say('three ');
    await caller.turn(turn.turnId, 'checkpoint', part(turn.lease, [text('One two three ')]));
    await says(reader, 'One two three ');
    await turn.feed.say('four');
    await complete(turn, 'One two three four');
    await eventually(() => expect(reader.data.at(-1)).toMatchObject({ type: 'done' }));
    expect(reader.text).toBe('One two three four');
    reader.leave();
  });

  it('of which Redis knows nothing is read from PostgreSQL', async () => {
    const turn = await caller.openNew();
    await platform.redis.client.flushdb();
    await caller.turn(turn.turnId, 'checkpoint', part(turn.lease, [text('One ')]));
    const reader = await follow(one, turn.id);
    await says(reader, 'One ');
    await caller.turn(turn.turnId, 'checkpoint', part(turn.lease, [text('One two ')]));
    await says(reader, 'One two ');
    await platform.database.query(
      `update turns set status = 'interrupted', reason = 'failed', ended_at = now() where id = '${turn.turnId}'`,
    );
    await eventually(() => expect(reader.data.at(-1)).toMatchObject({ type: 'error', code: 'turn.interrupted' }));
    reader.leave();
  });
});

describe('turn after turn', () => {
  it('is told to one who reads along in Parley’s format, who may come before the first', async () => {
    const { id } = await caller.newSession();
    const reader = await follow(other, id);
    const [first, second] = [await caller.ask(id, [user('?')], 'Far.'), await caller.ask(id, [user('!')], 'Farther.')];
    await eventually(() =>
      expect(reader.data.filter((frame) => JSON.stringify(frame).includes('"done"'))).toHaveLength(2),
    );
    expect(reader.data).toMatchObject([
      { type: 'turn', turn_id: first },
      { type: 'message', content: 'Far.' },
      { type: 'done' },
      { type: 'turn', turn_id: second },
      { type: 'message', content: 'Farther.' },
      { type: 'done' },
    ]);
    for (const [index, lastEventId] of reader.ids.entries()) {
      const resumed = await follow(one, id, { lastEventId });
      await eventually(() => expect(resumed.ids).toEqual(reader.ids.slice(index + 1)));
      resumed.leave();
    }
    reader.leave();
  });

  it('an OpenAI stream that is resumed at the end of its turn begins with the next', async () => {
    const { id } = await caller.newSession();
    await caller.ask(id, [user('?')], 'Far.');
    const format = 'openai';
    const first = await (await follow(one, id, { format })).end();
    expect(first.text).toBe('Far.');
    const next = await follow(other, id, { format, lastEventId: first.ids.at(-1) });
    await caller.ask(id, [user('!')], 'Farther.');
    expect((await next.end()).text).toBe('Farther.');
  });

  it('a place in a session that was cleared leads to what comes next', async () => {
    const { id } = await caller.newSession();
    await caller.ask(id, [user('?')], 'Far.');
    const reader = await follow(one, id);
    await eventually(() => expect(reader.data.at(-1)).toMatchObject({ type: 'done' }));
    await caller.ok('POST', `/v1/sessions/${id}/clear`);
    await caller.ask(id, [user('!')], 'Farther.');
    await says(reader, 'Far.Farther.');
    const resumed = await follow(other, id, { lastEventId: reader.ids[1] });
    await says(resumed, 'Farther.');
    for (const follower of [reader, resumed]) follower.leave();
  });
});

describe('a stream that is not to go on', () => {
  it('ends when the session is deleted, through whichever instance', async () => {
    const turn = await saying('One ');
    const readers = await Promise.all(formats.map((format) => follow(other, turn.id, { format })));
    for (const reader of readers) await says(reader, 'One ');
    await caller.ok('DELETE', `/v1/sessions/${turn.id}`);
    for (const reader of readers) {
      expect(JSON.stringify((await reader.end()).data.at(-1))).toContain('session.not_found');
      expect(reader.ids.at(-1)).toBeUndefined();
    }
    expect((await follow(one, turn.id)).status).toBe(404);
  });

  it('is refused to another tenant, to one without the permission, and at what is no place', async () => {
    const { id } = await caller.newSession();
    const stranger = one.caller();
    const unpermitted = one.caller(caller.tenantId, { permissions: ['sessions:write'] });
    expect((await Follower.of(one, stranger, id)).status).toBe(404);
    expect((await Follower.of(one, unpermitted, id)).status).toBe(403);
    expect((await follow(one, randomUUID())).status).toBe(404);
    expect((await follow(one, id, { lastEventId: 'x' })).status).toBe(400);
    expect((await follow(one, id, { format: 'x' as LiveFormat })).status).toBe(400);
  });

  it('tells nothing of another session whose place is given', async () => {
    const mine = await caller.newSession();
    await caller.ask(mine.id, [user('?')], 'Far.');
    const stranger = one.caller();
    const theirs = await stranger.newSession();
    const turnId = await stranger.ask(theirs.id, [user('?')], 'Secret.');
    const reader = await follow(one, mine.id, { format: 'openai', lastEventId: turnId });
    expect((await reader.end()).text).toBe('Far.');
  });
});
