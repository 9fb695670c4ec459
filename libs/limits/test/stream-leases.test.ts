import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import type { StreamLease } from '../src/index.js';
import { RedisAdmissions } from '../src/redis-admissions.js';
import { RedisLeases } from '../src/redis-leases.js';
import { Instances, type Instance } from './instances.js';

/** Real: Redis, behind an address that can be cut. */
let instances: Instances;

beforeAll(async () => {
  instances = await Instances.start();
});
afterEach(() => instances.renew());
afterAll(() => instances.stop());

const enter = async ({ limiter }: Instance, ...streams: readonly { key: string; limit: number }[]) =>
  (await limiter.enter({ windows: [], streams })).lease;

const count = (leases: readonly (StreamLease | undefined)[]): number =>
  leases.filter((lease) => lease !== undefined).length;
const two = { key: 'k', limit: 2 };

describe('leases of streams', () => {
  it('lets in exactly the limit, at however many instances they come at the same time', async () => {
    const three = await Promise.all([instances.connected(), instances.connected(), instances.connected()]);
    const entering = three.flatMap((one) => Array.from({ length: 20 }, () => enter(one, { key: 'k', limit: 25 })));
    expect(count(await Promise.all(entering))).toBe(25);
    expect(await enter(three[0], { key: 'other', limit: 1 })).toBeDefined();
  });

  it('gives a lease that was left to the next, at whichever instance, and one alone however often it is left', async () => {
    const [one, other] = [await instances.connected(), await instances.connected()];
    const lease = await enter(one, two);
    await enter(one, two);
    expect(await enter(other, two)).toBeUndefined();

    lease?.leave();
    lease?.leave();

    await eventually(async () => expect(await enter(other, two)).toBeDefined());
    expect(await enter(one, two)).toBeUndefined();
  });

  it('asks nobody when all leases are its own', async () => {
    const one = await instances.connected();
    await Promise.all([enter(one, two), enter(one, two)]);
    await instances.redis.client.flushdb();

    expect(await enter(one, two)).toBeUndefined();
  });

  it('takes its leases again from a Redis that has lost them', async () => {
    const [one, other] = [await instances.connected(), await instances.connected()];
    await Promise.all([enter(one, two), enter(one, two)]);
    await instances.redis.client.flushdb();

    await one.renew();

    await eventually(async () => expect(await instances.redis.client.zcard('parley:places:k')).toBe(2));
    expect(await enter(other, two)).toBeUndefined();
  });

  it('of several sets are had in all of them or in none', async () => {
    const [one, other] = [await instances.connected(), await instances.connected()];
    const tenant = { key: 'tenant', limit: 3 };
    await enter(one, { key: 'ada', limit: 1 }, tenant);

    expect(await enter(other, { key: 'ada', limit: 1 }, tenant)).toBeUndefined();

    expect(await instances.redis.client.zcard('parley:places:tenant')).toBe(1);
    const lease = await enter(other, { key: 'bob', limit: 1 }, tenant);
    lease?.leave();
    await eventually(async () => expect(await instances.redis.client.zcard('parley:places:tenant')).toBe(1));
    expect(await enter(one, { key: 'bob', limit: 1 }, tenant)).toBeDefined();
  });

  it('that are all taken cost no request, and a call without requests left takes no lease', async () => {
    const [one, other] = [await instances.connected(), await instances.connected()];
    const windows = [{ key: 'requests', limit: 2 }];
    const streams = [{ key: 'streams', limit: 1 }];
    const first = await one.limiter.enter({ windows, streams });
    const full = await other.limiter.enter({ windows, streams });
    expect(full).toMatchObject({ allowed: false, free: [0], decisions: [{ allowed: true, remaining: 1 }] });

    first.lease?.leave();
    await eventually(async () => expect(await instances.redis.client.zcard('parley:places:streams')).toBe(0));
    (await other.limiter.enter({ windows, streams })).lease?.leave();
    await eventually(async () => expect(await instances.redis.client.zcard('parley:places:streams')).toBe(0));
    const spent = await one.limiter.enter({ windows, streams });

    expect(spent).toMatchObject({ allowed: false, free: [1], decisions: [{ allowed: false, remaining: 0 }] });
    expect(await instances.redis.client.zcard('parley:places:streams')).toBe(0);
  });

  it('lets in as many by itself while Redis is away, those from before among them, and shares them after it', async () => {
    const [one, other] = [await instances.connected(), await instances.connected()];
    await enter(one, two);
    await instances.way.cut();

    expect(count([await enter(one, two), await enter(one, two)])).toBe(1);

    await instances.way.restore();
    await eventually(() => expect([one, other].every(({ connection }) => connection.available)).toBe(true));
    await one.renew();
    await eventually(async () => expect(await instances.redis.client.zcard('parley:places:k')).toBe(2));
    expect(await enter(other, two)).toBeUndefined();
  });
});

describe('the leases in Redis', () => {
  const leaseMs = 300;

  async function newLeases() {
    const { connection } = await instances.connected();
    const admissions = new RedisAdmissions(connection, leaseMs);
    const enterAs = async (key: string, id: string) =>
      (await admissions.ask([], { id, sets: [{ key, limit: 1 }] })).allowed;
    return { leases: new RedisLeases(connection, leaseMs), enterAs };
  }

  it('of a process that was killed are free after the lease, those of one that lives are not', async () => {
    const { leases, enterAs } = await newLeases();
    await enterAs('killed', 'its lease');
    await enterAs('alive', 'its lease');
    expect(await enterAs('killed', 'another')).toBe(false);

    await eventually(async () => {
      await leases.renew('alive', ['its lease']);
      expect(await enterAs('killed', 'another')).toBe(true);
    });

    expect(await enterAs('alive', 'another')).toBe(false);
  });

  it('leave nothing behind', async () => {
    const { enterAs } = await newLeases();
    await enterAs('k', 'its lease');
    expect(await instances.redis.client.keys('*')).toEqual(['parley:places:k']);

    await eventually(async () => expect(await instances.redis.client.keys('*')).toEqual([]));
  });
});
