// Real: PostgreSQL and RabbitMQ; outages are made by an address in front of the broker.
import { expect, it } from '@jest/globals';
import { currentRequest, runInRequest, silentLog } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { ack, type Verdict } from '../src/index.js';
import { newTenant, noted } from './contracts.js';
import { message, numberOf, SharedQueueTest, type Event } from './shared-queue-fixture.js';

const t = new SharedQueueTest();

it('gives the handler the parsed event, in a request context with the publisher’s trace', async () => {
  const seen: { event: Event; context: ReturnType<typeof currentRequest> }[] = [];
  await t.start((event) => {
    seen.push({ event, context: currentRequest() });
    return ack();
  });
  const tenant = newTenant();
  const traceparent = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01';
  await runInRequest({ requestId: 'r', traceparent, log: silentLog }, () => t.publish(7, tenant));

  await eventually(() => expect(seen).toHaveLength(1));
  const event = seen[0]?.event;
  expect(event).toMatchObject({ type: noted.type, tenantId: tenant, data: { number: 7, text: 'x' } });
  expect(event?.time).toBeInstanceOf(Date);
  expect(seen[0]?.context).toMatchObject({ requestId: event?.id, traceparent, tenantId: tenant });
});

it('gives each event to one of the instances', async () => {
  const seen: number[] = [];
  const handle = (event: Event) => {
    seen.push(numberOf(event));
    return ack();
  };
  await t.start(handle, { instance: 'one' });
  await t.start(handle, { instance: 'two' });

  for (let number = 0; number < 40; number++) await t.publish(number);

  await eventually(() => expect(seen).toHaveLength(40));
  expect(new Set(seen).size).toBe(40);
});

it('gives an event its effect once when the consumer dies between the effect and its acknowledgement', async () => {
  const deliveries: string[] = [];
  const cut = Promise.withResolvers<unknown>();
  await t.start(async (event) => {
    deliveries.push(event.id);
    await t.service.effect(event);
    if (deliveries.length === 1) await t.broker.cut();
    cut.resolve(undefined);
    return ack();
  });
  await t.publish(1);
  await cut.promise;
  await t.broker.restore();

  await eventually(() => expect(deliveries).toHaveLength(2));
  await eventually(async () => expect(await t.count(t.queue)).toBe(0));
  const [id] = new Set(deliveries);
  expect((await t.service.effects()).filter((effect) => effect === id)).toHaveLength(1);
});

it('works on at most 20 events at once, and finishes them before it stops', async () => {
  const release = Promise.withResolvers<Verdict>();
  const started: number[] = [];
  const finished: number[] = [];
  await t.start(async (event) => {
    started.push(numberOf(event));
    const verdict = await release.promise;
    finished.push(numberOf(event));
    return verdict;
  });
  for (let number = 0; number < 30; number++) await t.queues.send(t.queue, message(number));
  await eventually(() => expect(started).toHaveLength(20));

  const stopped = t.stopServices();
  release.resolve(ack());
  await stopped;

  expect(finished).toHaveLength(20);
  await eventually(async () => expect(await t.count(t.queue)).toBe(10));
});

it('goes on after an outage of the broker', async () => {
  const seen: number[] = [];
  const service = await t.start((event) => {
    seen.push(numberOf(event));
    return ack();
  });
  await t.publish(1);
  await eventually(() => expect(seen).toEqual([1]));
  await t.broker.cut();
  await eventually(async () => expect((await service.health.report()).parts['rabbitmq']?.status).toBe('down'));
  await t.publish(2);
  await t.broker.restore();

  await eventually(() => expect(seen).toEqual([1, 2]));
});

it('declares its queue again when someone deletes it', async () => {
  const seen: number[] = [];
  await t.start((event) => {
    seen.push(numberOf(event));
    return ack();
  });
  await t.queues.channel.deleteQueue(t.queue);

  await eventually(async () => {
    await t.publish(1);
    expect(seen.length).toBeGreaterThan(0);
  });
});

it('says what to do, and works on, when its queue exists with other arguments', async () => {
  const logLines: string[] = [];
  await t.queues.channel.assertQueue(t.queue, { durable: true });
  const seen: number[] = [];
  const handle = (event: Event) => {
    seen.push(numberOf(event));
    return ack();
  };
  await t.start(handle, { logLines });
  await eventually(() => expect(logLines.join()).toContain('rabbitmqctl delete_queue'));

  await t.queues.channel.deleteQueue(t.queue);

  await eventually(async () => {
    await t.publish(1);
    expect(seen.length).toBeGreaterThan(0);
  });
});

it('notices a broker that hangs, by its missing heartbeats, and goes on when it answers', async () => {
  const seen: number[] = [];
  const handle = (event: Event) => {
    seen.push(numberOf(event));
    return ack();
  };
  const service = await t.start(handle, { amqpUrl: `${t.broker.url}?heartbeat=1` });
  t.broker.hang();
  await eventually(async () => expect((await service.health.report()).parts['rabbitmq']?.status).toBe('down'));
  await t.publish(1);
  await t.broker.restore();

  await eventually(() => expect(seen).toEqual([1]));
});
