/** Real: two instances of the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and the gateway. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { turnStopsChannel } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { Redis } from 'ioredis';
import { assistant, broken, newPlatform, part, problem, text, user, whole } from './sessions-under-test.js';
import type { Caller, Platform } from './sessions-under-test.js';

let platform: Platform;
let caller: Caller;
/** The same caller, at the other instance. */
let elsewhere: Caller;
/** What gateways hear. */
let gateways: Redis;
const heard: unknown[] = [];

/** A stop leaves two seconds, and a machine that is busy may take longer: nobody ends the turns of lost gateways here. */
const withoutSweeps = { TURN_LEASE_MS: '120000', SWEEP_INTERVAL_MS: '60000' };

beforeAll(async () => {
  platform = await newPlatform();
  const [one, other] = await Promise.all([platform.start(withoutSweeps), platform.start(withoutSweeps)]);
  caller = one.caller();
  elsewhere = other.caller(caller.tenantId);
  gateways = new Redis(platform.redisUrl);
  gateways.on('message', (_, message) => heard.push(JSON.parse(message)));
  await gateways.subscribe(turnStopsChannel);
}, 60_000);

afterAll(async () => {
  gateways.disconnect();
  await platform.stop();
});

const stop = (by: Caller, sessionId: string, body?: Record<string, unknown>) =>
  by.call('POST', `/v1/sessions/${sessionId}/stop`, body);

const turnRow = async (turnId: string) => {
  const [row] = await platform.database.query<{ status: string; reason: string | null; left: number }>(
    `select status, reason, (extract(epoch from lease_until - clock_timestamp()) * 1000)::int as left
     from turns where id = '${turnId}'`,
  );
  return row;
};

describe('a stop', () => {
  it('through any instance is told to every gateway, and with the answer to the next checkpoint', async () => {
    const { id, turnId, lease } = await caller.openNew();
    expect(await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]))).toMatchObject({ status: 200, body: {} });

    expect(await stop(elsewhere, id)).toMatchObject({ status: 202, body: { turn_id: turnId } });

    await eventually(async () => expect(heard).toContainEqual({ turn_id: turnId }));
    const checkpoint = await caller.turn(turnId, 'checkpoint', part(lease, [text('Far')]));
    expect(checkpoint).toMatchObject({ status: 200, body: { stopping: true } });
    await caller.turn(turnId, 'interrupt', broken(lease, [text('Far a')], 'cancelled'));
    expect(await caller.conversation(id)).toEqual([user('?'), assistant('Far a')]);
    expect((await caller.messages(id)).map(({ status }) => status)).toEqual(['complete', 'interrupted']);
    await caller.append(id, 'Enough.');
  });

  it('leaves whoever answers two seconds, which neither checkpoints nor another stop extend', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await stop(caller, id);
    const before = await platform.database.query(`select lease_until from turns where id = '${turnId}'`);

    await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
    expect((await stop(caller, id, { turn_id: turnId })).status).toBe(202);

    expect((await turnRow(turnId))?.left).toBeLessThanOrEqual(2_000);
    expect(await platform.database.query(`select lease_until from turns where id = '${turnId}'`)).toEqual(before);
  });

  it('of a turn whose gateway was lost ends it within seconds, as cancelled, with what there is', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
    await stop(caller, id);
    const sweeping = await platform.start();

    await eventually(async () =>
      expect(await turnRow(turnId)).toMatchObject({ status: 'interrupted', reason: 'cancelled' }),
    );
    await sweeping.stop();
    expect(await caller.conversation(id)).toEqual([user('?'), assistant('Fa')]);
    await caller.append(id, 'Hello?');
  });

  it('before anything came keeps the question', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await stop(caller, id);
    await caller.turn(turnId, 'interrupt', broken(lease, [], 'cancelled'));
    expect(await caller.conversation(id)).toEqual([user('?')]);
  });

  it('that the whole answer outran changes nothing', async () => {
    const { id, turnId, lease } = await caller.openNew();
    await stop(caller, id);
    expect((await caller.turn(turnId, 'complete', whole(lease))).status).toBe(200);
    expect((await caller.messages(id)).map(({ status }) => status)).toEqual(['complete', 'complete']);
  });

  it('works on an archived session that still answers', async () => {
    const { id, turnId } = await caller.openNew();
    await caller.ok('POST', `/v1/sessions/${id}/archive`);
    expect(await stop(caller, id)).toMatchObject({ status: 202, body: { turn_id: turnId } });
  });
});

describe('is turn.not_running where', () => {
  it('there is no turn, or it has ended', async () => {
    const { id } = await caller.newSession();
    expect(await stop(caller, id)).toMatchObject(problem(409, 'turn.not_running'));
    await caller.ask(id, [user('How far?')]);
    expect(await stop(caller, id)).toMatchObject(problem(409, 'turn.not_running'));
  });

  it('another turn is open than the one that is meant, which then goes on', async () => {
    const { id, turnId, lease } = await caller.openNew();
    expect(await stop(caller, id, { turn_id: randomUUID() })).toMatchObject(problem(409, 'turn.not_running'));
    const checkpoint = await caller.turn(turnId, 'checkpoint', part(lease, []));
    expect(checkpoint.body).toEqual({});
  });
});

it('fields that a stop does not have are 400 and named', async () => {
  const { id } = await caller.openNew();
  expect(await stop(caller, id, { turn: 1 })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'turn', message: 'Unknown field' }] },
  });
});
