import { expect, it } from '@jest/globals';
import type { ChannelListener, RedisSubscriptions } from '@parley/cache';
import { ManualClock } from '@parley/resilience/testing';
import type { Log } from '@parley/service-kit';
import { TurnStops } from './turn-stops.js';

const turnId = '0198c0de-0000-7000-8000-000000000001';

async function newStops() {
  const clock = new ManualClock();
  const warnings: unknown[] = [];
  const channel = Promise.withResolvers<ChannelListener>();
  const subscriptions = {
    subscribe: async (_: string, listener: ChannelListener) => (channel.resolve(listener), () => undefined),
  };
  const log = { warn: (...words: unknown[]) => void warnings.push(words) };
  const sut = new TurnStops(subscriptions as unknown as RedisSubscriptions, clock, log as unknown as Log);
  await sut.onApplicationBootstrap();
  return { sut, clock, warnings, channel: await channel.promise };
}

const told = (turn_id: string) => JSON.stringify({ turn_id });

it('a stop aborts the turn that it names, and no other', async () => {
  const { sut, channel } = await newStops();
  const [ours, another] = [sut.watch(turnId), sut.watch('another')];
  channel.onMessage(told(turnId));
  expect(ours.abort.signal.reason).toMatchObject({ code: 'turn.stopped' });
  expect(another.abort.signal.aborted).toBe(false);
});

it('a stop of a turn that is over, or of another gateway, does nothing', async () => {
  const { sut, channel } = await newStops();
  const { abort } = sut.watch(turnId);
  sut.leave(turnId);
  channel.onMessage(told(turnId));
  expect(abort.signal.aborted).toBe(false);
});

it('what is no stop is passed over, which the log says', async () => {
  const { sut, channel, warnings } = await newStops();
  sut.watch(turnId);
  channel.onMessage('{}');
  expect(warnings).toHaveLength(1);
});

it('stops may have been missed from the loss of Redis until it is back', async () => {
  const { sut, channel, clock } = await newStops();
  const { heardSince } = sut.watch(turnId);
  const before = clock.now();
  expect(heardSince(before)).toBe(true);
  channel.onLost?.();
  expect(heardSince(clock.now())).toBe(false);
  await clock.advance(1_000);
  channel.onBack?.();
  expect([heardSince(before), heardSince(clock.now())]).toEqual([false, true]);
});
