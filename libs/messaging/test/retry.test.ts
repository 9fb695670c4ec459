// Real: PostgreSQL and RabbitMQ; outages are made by an address in front of the broker.
import { expect, it } from '@jest/globals';
import { AppError } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { ack, drop, retry } from '../src/index.js';
import { noted } from './contracts.js';
import { message, numberOf, SharedQueueTest } from './shared-queue-fixture.js';

const t = new SharedQueueTest();

it('rolls the effect of a failed attempt back, and tries again', async () => {
  const attempts: string[] = [];
  const service = await t.start(async (event) => {
    attempts.push(event.id);
    await t.service.effect(event, attempts.length === 1);
    return ack();
  });
  await t.publish(1);

  await eventually(() => expect(attempts).toHaveLength(2));
  await eventually(async () => expect(await service.effects()).toEqual([attempts[0]]));
  expect(await service.metrics.expose()).toContain(`events_handled_total{event="${noted.type}",outcome="retry"} 1`);
});

it('lets the events behind a failing one pass', async () => {
  const done: number[] = [];
  await t.start((event) => {
    if (numberOf(event) === 0) return retry({ because: 'not yet', afterMs: 60_000 });
    done.push(numberOf(event));
    return ack();
  });
  for (const number of [0, 1, 2]) await t.publish(number);

  await eventually(() => expect(done).toEqual([1, 2]));
  await eventually(async () => expect(await t.count(`${t.queue}.retry.120s`)).toBe(1));
});

it('makes a dead letter of an event whose last attempt fails, with the reason', async () => {
  await t.start(() => retry({ because: 'no luck' }));
  await t.queues.send(t.queue, message(1), { 'x-parley-attempts': 5 });

  const dead = await t.taken(`${t.queue}.dead`);
  expect(dead.properties.headers).toMatchObject({
    'x-parley-attempts': 6,
    'x-parley-reason': 'Gave up after 6 attempts: no luck',
  });
});

it.each([
  ['is not JSON', 'no json', 'It is not JSON'],
  ['is no CloudEvent', { hello: 1 }, 'It is no CloudEvent of ours'],
  ['does not fit its contract', message('one'), `Its data does not fit ${noted.type}: number`],
])('makes a dead letter of a message that %s, and goes on', async (_, content, reason) => {
  const seen: number[] = [];
  await t.start((event) => {
    seen.push(numberOf(event));
    return ack();
  });
  await t.queues.send(t.queue, content);
  await t.queues.send(t.queue, message(2));

  const dead = await t.taken(`${t.queue}.dead`);
  expect(dead.properties.headers?.['x-parley-reason']).toContain(reason);
  await eventually(() => expect(seen).toEqual([2]));
});

it('keeps an event of a type that only the next version of the service knows', async () => {
  await t.start(() => ack());
  await t.queues.send(t.queue, message(1, { type: 'test.note.unheard.v1' }));

  await eventually(async () => expect(await t.count(`${t.queue}.retry.1s`)).toBe(1), { intervalMs: 5 });
});

it('counts no attempt while the service’s own database is away', async () => {
  await t.start(() => {
    throw new AppError('service.unavailable');
  });
  await t.queues.send(t.queue, message(1), { 'x-parley-attempts': 5 });

  const waiting = await t.taken(`${t.queue}.retry.5s`);
  expect(waiting.properties.headers).toMatchObject({ 'x-parley-attempts': 5 });
});

it('forgets an event that is dropped', async () => {
  let attempts = 0;
  await t.start(() => {
    attempts += 1;
    return drop('of no use');
  });
  await t.publish(1);

  await eventually(() => expect(attempts).toBe(1));
  await eventually(async () => {
    for (const queue of [t.queue, `${t.queue}.retry.1s`, `${t.queue}.dead`]) expect(await t.count(queue)).toBe(0);
  });
});

it('makes a dead letter of a message that was taken 20 times and never answered', async () => {
  await t.start(() => ack());
  await t.stopServices();
  await t.queues.send(t.queue, message(1));
  for (let death = 0; death <= 20; death++) {
    const taken = await eventually(async () => {
      const found = await t.queues.channel.get(t.queue);
      if (found === false && (await t.count(`${t.queue}.dead`)) === 0) throw new Error('not there yet');
      return found;
    });
    if (taken !== false) t.queues.channel.nack(taken, false, true);
  }

  const dead = await t.taken(`${t.queue}.dead`);
  expect(dead.properties.headers?.['x-first-death-reason']).toBe('delivery_limit');
});
