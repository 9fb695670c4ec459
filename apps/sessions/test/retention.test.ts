/** Real: two instances of the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: auth, and an outside subscriber. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { newPlatform, problem, user, type Caller, type Instance, type Platform } from './sessions-under-test.js';
import { subscribe, type Subscriber } from './subscriber.js';

const path = '/v1/sessions/retention';
const subject = randomUUID();

let platform: Platform;
let instance: Instance;
let subscriber: Subscriber;
let neighbour: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  instance = await platform.start({ RETENTION_INTERVAL_MS: '100' });
  await platform.start({ RETENTION_INTERVAL_MS: '100' });
  subscriber = await subscribe(platform.amqp.url);
  neighbour = instance.caller();
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await platform.stop();
});

const administrator = () =>
  instance.caller(randomUUID(), {
    sub: subject,
    permissions: ['sessions:read', 'sessions:write', 'sessions:administer'],
  });
const age = (days: number, ...ids: string[]) =>
  platform.database.query(
    `update sessions set updated_at = now() - interval '${days} days' where id in (${ids.map((id) => `'${id}'`).join()})`,
  );
/** What is left of them: sessions, messages and turns. */
const left = (...ids: string[]) =>
  platform.database.query(
    [
      'select id from sessions where id',
      'select id from messages where session_id',
      'select id from turns where session_id',
    ]
      .map((rows) => `${rows} in (${ids.map((id) => `'${id}'`).join()})`)
      .join(' union all '),
  );

describe('the retention of a tenant', () => {
  it('is none until it is set, and none again after null', async () => {
    const caller = administrator();
    expect(await caller.ok('GET', path)).toEqual({ days: null });
    for (const days of [30, 7, null]) {
      expect(await caller.ok('PUT', path, { days })).toEqual({ days });
      expect(await caller.ok('GET', path)).toEqual({ days });
    }
  });

  it('is its own', async () => {
    await administrator().ok('PUT', path, { days: 30 });
    expect(await administrator().ok('GET', path)).toEqual({ days: null });
  });

  it.each([['GET'], ['PUT']])('is nothing for a caller without sessions:administer: %s', async (method) => {
    expect(await neighbour.call(method, path, method === 'PUT' ? { days: 1 } : undefined)).toMatchObject(
      problem(403, 'request.forbidden'),
    );
  });

  it.each([{}, { days: 0 }, { days: 36_501 }, { days: 1.5 }, { days: 1, hours: 2 }])('cannot be %j', async (body) => {
    expect(await administrator().call('PUT', path, body)).toMatchObject(problem(400, 'request.invalid'));
  });
});

describe('a session that was not changed for longer than its tenant keeps it', () => {
  it('goes with all that is in it and is told of once; none goes that is younger, in use or another tenant’s', async () => {
    const caller = administrator();
    const [young, busy, others] = [await caller.newSession(), await caller.openNew(), await neighbour.newSession()];
    // More than one transaction deletes.
    const old = await Promise.all(Array.from({ length: 120 }, () => caller.newSession()));
    const [first] = old as [(typeof old)[0]];
    await caller.ask(first.id, [user('?')]);
    await caller.ok('POST', `/v1/sessions/${first.id}/archive`);
    const ids = old.map(({ id }) => id);
    await age(31, ...ids, busy.id, others.id);
    await age(29, young.id);

    await caller.ok('PUT', path, { days: 30 });

    await eventually(async () => expect(await left(...ids)).toEqual([]));
    const { data } = await caller.ok<{ data: { id: string }[] }>('GET', '/v1/sessions');
    expect(data.map(({ id }) => id).toSorted()).toEqual([young.id, busy.id].toSorted());
    expect(await left(others.id)).toHaveLength(1);
    const told = (id: string) => subscriber.of(id).filter(({ type }) => type === 'sessions.session.deleted.v1');
    await eventually(() => {
      for (const id of ids) expect(told(id)).toHaveLength(1);
    });
    expect(told(first.id)).toMatchObject([{ session_id: first.id, project_id: null, deleted_by: subject }]);
  });
});
