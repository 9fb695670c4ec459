import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/resilience';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import { RedisSubscriptions } from '../src/index.js';

/** Real: Redis, behind an address that can be cut or hung. */
describe('RedisSubscriptions', () => {
  let redis: TestRedis;
  let way: Severable;
  let channel: string;
  let sut: RedisSubscriptions;
  const error = jest.fn();

  beforeAll(async () => {
    redis = await testRedis();
  });
  beforeEach(async () => {
    jest.clearAllMocks();
    channel = randomUUID();
    way = await severable(redis.url);
    sut = new RedisSubscriptions({ REDIS_URL: way.url, REDIS_COMMAND_TIMEOUT_MS: 2_000 }, systemClock, { error });
  });
  afterEach(async () => {
    sut.close();
    await way.close();
  });
  afterAll(() => redis.close());

  /** Everything that a listener is told, in order. */
  function newListener() {
    const told: string[] = [];
    return {
      told,
      onMessage: (text: string) => void told.push(text),
      onLost: () => void told.push('(lost)'),
      onBack: () => void told.push('(back)'),
    };
  }
  const publish = (text: string) => redis.client.publish(channel, text);

  it('hears all that is published after it has resolved, in order, and nothing after it was left', async () => {
    const listener = newListener();
    const leave = await sut.subscribe(channel, listener);
    for (const text of ['1', '2', '3']) expect(await publish(text)).toBe(1);
    await eventually(() => expect(listener.told).toEqual(['1', '2', '3']));
    leave();
    leave();
    await eventually(async () => expect(await publish('4')).toBe(0));
    expect(listener.told).toEqual(['1', '2', '3']);
  });

  it('is one subscription of Redis for all who hear a channel, until the last one leaves', async () => {
    const [first, second] = [newListener(), newListener()];
    const leaveFirst = await sut.subscribe(channel, first);
    const leaveSecond = await sut.subscribe(channel, second);
    expect(await publish('1')).toBe(1);
    await eventually(() => expect([first.told, second.told]).toEqual([['1'], ['1']]));
    leaveFirst();
    expect(await publish('2')).toBe(1);
    await eventually(() => expect([first.told, second.told]).toEqual([['1'], ['1', '2']]));
    leaveSecond();
    const third = newListener();
    await sut.subscribe(channel, third);
    expect(await publish('3')).toBe(1);
    await eventually(() => expect(third.told).toEqual(['3']));
  });

  it('is told of a lost connection, and of its return once every channel is heard again', async () => {
    const [one, other] = [newListener(), newListener()];
    const otherChannel = randomUUID();
    await sut.subscribe(channel, one);
    await sut.subscribe(otherChannel, other);
    for (const told of [one.told, other.told]) {
      await way.cut();
      await eventually(() => expect(told.at(-1)).toBe('(lost)'));
      await publish('missed');
      await way.restore();
      await eventually(() => expect(told.at(-1)).toBe('(back)'));
    }
    await publish('1');
    await redis.client.publish(otherChannel, '2');
    const outages = ['(lost)', '(back)', '(lost)', '(back)'];
    await eventually(() => expect(one.told).toEqual([...outages, '1']));
    await eventually(() => expect(other.told).toEqual([...outages, '2']));
  });

  it('resolves without Redis, says so first, and hears the channel when Redis comes', async () => {
    await way.cut();
    const listener = newListener();
    await sut.subscribe(channel, listener);
    expect(listener.told).toEqual(['(lost)']);
    await way.restore();
    await eventually(() => expect(listener.told).toEqual(['(lost)', '(back)']));
    expect(await publish('1')).toBe(1);
    await eventually(() => expect(listener.told).toEqual(['(lost)', '(back)', '1']));
  });

  it('finds out that a connection hangs, and replaces it', async () => {
    const listener = newListener();
    await sut.subscribe(channel, listener);
    way.hang();
    await eventually(() => expect(listener.told).toEqual(['(lost)']));
    await way.restore();
    await eventually(() => expect(listener.told).toEqual(['(lost)', '(back)']));
  }, 25_000);

  it('forgets who left while Redis was away', async () => {
    const [left, stayed] = [newListener(), newListener()];
    const leave = await sut.subscribe(channel, left);
    const otherChannel = randomUUID();
    await sut.subscribe(otherChannel, stayed);
    await way.cut();
    await eventually(() => expect(left.told).toEqual(['(lost)']));
    leave();
    await way.restore();
    await eventually(() => expect(stayed.told).toEqual(['(lost)', '(back)']));
    expect(await publish('1')).toBe(0);
    expect(left.told).toEqual(['(lost)']);
  });

  it('goes on when a listener fails, and logs it', async () => {
    const listener = newListener();
    const failing = () => {
      throw new Error('no JSON');
    };
    await sut.subscribe(channel, { onMessage: failing });
    await sut.subscribe(channel, listener);
    await publish('1');
    await publish('2');
    await eventually(() => expect(listener.told).toEqual(['1', '2']));
    expect(error).toHaveBeenCalledTimes(2);
  });
});
