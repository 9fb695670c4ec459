import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liveKey } from '@parley/contracts';
import { eventually, severable, type Severable } from '@parley/testing';
import { Feed } from './feed.js';
import { newPlatform, text, whole, type Caller, type Platform } from './sessions-under-test.js';

/** Real: PostgreSQL, Redis behind an address that can be cut or hung, and the service. Played: auth, and the gateway, which feeds and stores the answer. */
let platform: Platform;
let way: Severable;
let caller: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  way = await severable(platform.redis.url);
  const instance = await platform.start({ REDIS_URL: way.url, RETENTION_INTERVAL_MS: '100' });
  caller = instance.caller(undefined, {
    permissions: ['sessions:read', 'sessions:write', 'sessions:administer'],
  });
}, 60_000);
afterAll(async () => {
  await platform.stop();
  await way.close();
});

/** A session whose newest turn is in Redis, word for word. */
async function said() {
  const turn = await caller.openNew();
  const feed = new Feed(platform.redis, caller.tenantId, turn.id, turn.turnId);
  await feed.start();
  await feed.say('Far.');
  expect(await kept(turn.id)).toBeGreaterThan(1);
  return { ...turn, feed, end: () => caller.turn(turn.turnId, 'complete', whole(turn.lease, [text('Far.')])) };
}

const kept = (id: string) => platform.redis.client.xlen(liveKey(caller.tenantId, id));

/** Nor does it come again, whatever is said by a gateway that has not heard of the deletion. */
async function expectGone(id: string, feed: Feed) {
  await eventually(async () => expect(await platform.redis.client.exists(liveKey(caller.tenantId, id))).toBe(0));
  await feed.say('Farther.');
  expect(await platform.redis.client.exists(liveKey(caller.tenantId, id))).toBe(0);
}

it('a deleted session leaves nothing in Redis, though its answer goes on', async () => {
  const { id, feed, end } = await said();
  await caller.ok('DELETE', `/v1/sessions/${id}`);
  await expectGone(id, feed);
  expect((await end()).status).toBe(404);
  await expectGone(id, feed);
});

it('a cleared session leaves nothing in Redis of what was said in it', async () => {
  const { id, feed, end } = await said();
  await end();
  await caller.ok('POST', `/v1/sessions/${id}/clear`);
  await expectGone(id, feed);
});

it('a session that its tenant’s retention deletes leaves nothing in Redis', async () => {
  const { id, feed, end } = await said();
  await end();
  await platform.database.query(`update sessions set updated_at = now() - interval '3 days' where id = '${id}'`);
  await caller.ok('PUT', '/v1/sessions/retention', { days: 2 });
  await expectGone(id, feed);
});

describe.each(['cut', 'hang'] as const)('while Redis is away (%s)', (how) => {
  it.each([
    ['deleted', 'DELETE', ''],
    ['cleared', 'POST', '/clear'],
  ])('what was said in a session that is %s goes as soon as Redis is back', async (_, method, step) => {
    const { id, feed, end } = await said();
    await end();
    await eventually(async () => expect(await kept(id)).toBe(4));
    await way[how]();
    await caller.ok(method, `/v1/sessions/${id}${step}`);
    expect(await kept(id)).toBe(4);
    await way.restore();
    await expectGone(id, feed);
  });
});

it('what was said expires by itself, and so it goes where Redis could not be told of a deletion', async () => {
  const { id, end } = await said();
  const left = async () => (await platform.redis.client.pttl(liveKey(caller.tenantId, id))) / 60_000;
  expect(Math.ceil(await left())).toBe(15);
  await end();
  await eventually(async () => expect(Math.ceil(await left())).toBe(10));
});
