// Real: PostgreSQL and RabbitMQ; the broker's outages are made by an address in front of it that can be cut.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { defineEvent } from '@parley/contracts';
import { eventually, severable, testAmqp, type Severable, type TestAmqp, type TestDatabase } from '@parley/testing';
import { z } from 'zod';
import { outboxInsert, outboxRow } from '../src/index.js';
import { newTenant, noted } from './contracts.js';
import { outsider, type Outsider } from './outsider.js';
import { eventsDatabase, TestService } from './service.js';

let database: TestDatabase;
let amqp: TestAmqp;
let broker: Severable;
let outside: Outsider;
const services: TestService[] = [];

const start = async (): Promise<TestService> => {
  const service = await TestService.start({ database, amqpUrl: broker.url, publishes: [noted] });
  services.push(service);
  return service;
};

beforeAll(async () => {
  [database, amqp] = await Promise.all([eventsDatabase(), testAmqp()]);
});
beforeEach(async () => {
  broker = await severable(amqp.url);
  outside = await outsider(amqp.url);
});
afterEach(async () => {
  await broker.restore();
  for (const service of services.splice(0)) await service.stop();
  await outside.close();
  await broker.close();
});
afterAll(async () => {
  await database.drop();
  await amqp.drop();
});

const received = () => outside.events().map(({ data }) => (data as { number: number }).number);

/** Inserts many events as a batch writer does: one statement of the system role. */
const insertMany = async (service: TestService, count: number, text = 'x') => {
  const tenant = newTenant();
  const rows = Array.from({ length: count }, (_, number) => outboxRow(noted, tenant, { number, text }));
  await service.system.query(outboxInsert.sql(1), outboxInsert.params(rows));
  service.outbox.wake();
};

it('keeps an event for a service that was never started, where its contract names it', async () => {
  const kept = defineEvent('test.note.kept.v1', 'A note to keep', noted.data, { keptFor: ['experts'] });
  const service = await TestService.start({ database, amqpUrl: broker.url, publishes: [kept] });
  services.push(service);

  await service.publish(kept, newTenant(), { number: 1, text: 'for later' });

  await eventually(async () => {
    expect(await amqp.control('list_queues', 'name', 'messages')).toMatch(/^parley\.experts\t1$/m);
  });
});

it('sends the lists of one tenant that wait together as one event', async () => {
  const numbers = z.object({ numbers: z.array(z.number()) });
  const counted = defineEvent('test.note.counted.v1', 'Notes were counted', numbers, { list: 'numbers' });
  const service = await TestService.start({ database, amqpUrl: broker.url, publishes: [counted] });
  services.push(service);
  const [one, two] = [newTenant(), newTenant()];
  const rows = [1, 2, 3, 4].map((number) => outboxRow(counted, number === 3 ? two : one, { numbers: [number] }));

  await service.system.query(outboxInsert.sql(1), outboxInsert.params(rows));
  service.outbox.wake();

  await eventually(() => expect(outside.messages).toHaveLength(2));
  expect(outside.events().map(({ tenantid, data }) => [tenantid, data])).toEqual([
    [one, { numbers: [1, 2, 4] }],
    [two, { numbers: [3] }],
  ]);
  await eventually(async () => expect(await service.system.query('select from outbox')).toEqual([]));
});

it('gives an outside subscriber a documented CloudEvent, by plain amqplib and a binding', async () => {
  const tenant = newTenant();
  const service = await start();

  const data = { number: 1, text: 'hello', unknown: 'stripped' };
  await service.publish(noted, tenant, data);

  await eventually(() => expect(outside.messages).toHaveLength(1));
  const [event] = outside.events();
  expect(event).toMatchObject({
    specversion: '1.0',
    type: 'test.note.noted.v1',
    source: '/parley/test',
    tenantid: tenant,
    data: { number: 1, text: 'hello' },
  });
  const [message] = outside.messages;
  expect(message?.fields.routingKey).toBe('test.note.noted.v1');
  expect(message?.properties).toMatchObject({
    contentType: 'application/cloudevents+json',
    messageId: event?.id,
    deliveryMode: 2,
    headers: { traceparent: event?.traceparent },
  });
  await eventually(async () => expect(await service.waiting()).toBe(0));
});

it('publishes nothing of a transaction that rolls back', async () => {
  const service = await start();
  const tenant = newTenant();
  const failing = service.database.inTenant(tenant, async (tx) => {
    await service.outbox.add(tx, noted, tenant, { number: 1, text: 'never' });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');

  await service.publish(noted, tenant, { number: 2, text: 'after' });

  await eventually(() => expect(received()).toEqual([2]));
});

it('refuses an event of another tenant than the transaction’s, one that does not fit its contract, and one over 1 MB', async () => {
  const service = await start();
  const tenant = newTenant();
  const add = (data: { number: number; text: string }, eventTenant = tenant) =>
    service.database.inTenant(tenant, (tx) => service.outbox.add(tx, noted, eventTenant, data));

  await expect(add({ number: 1, text: 'x' }, newTenant())).rejects.toMatchObject({ code: '42501' });
  await expect(add({ number: 1.5, text: 'x' })).rejects.toThrow();
  await expect(add({ number: 1, text: 'x'.repeat(1_000_000) })).rejects.toThrow('over the limit');
  expect(await service.waiting()).toBe(0);
});

it('sends each event once when several relays share the outbox', async () => {
  const relays = await Promise.all([start(), start(), start()]);
  await Promise.all(relays.map((service) => insertMany(service, 1_000)));

  await eventually(async () => expect(await relays[0].waiting()).toBe(0));

  await eventually(() => expect(outside.messages).toHaveLength(3_000));
  expect(new Set(outside.events().map(({ id }) => id)).size).toBe(3_000);
});

it('forwards more than 1,000 events a second', async () => {
  const service = await start();
  await service.publish(noted, newTenant(), { number: 0, text: 'first' });
  await eventually(() => expect(outside.messages).toHaveLength(1));
  const startedAt = performance.now();
  await insertMany(service, 5_000, 'x'.repeat(300));

  await eventually(() => expect(outside.messages).toHaveLength(5_001), { timeoutMs: 10_000, intervalMs: 5 });

  const seconds = (performance.now() - startedAt) / 1_000;
  expect(5_000 / seconds).toBeGreaterThan(1_000);
});

it('carries a backlog of events near the limit of size', async () => {
  const service = await start();
  await insertMany(service, 20, 'x'.repeat(900_000));

  await eventually(() => expect(outside.messages).toHaveLength(20));
  expect(received()).toEqual([...Array(20).keys()]);
});

it('keeps what is added during an outage of the broker, and sends it at its return', async () => {
  const service = await start();
  await service.publish(noted, newTenant(), { number: -1, text: 'before' });
  await eventually(() => expect(received()).toEqual([-1]));

  await broker.cut();
  for (let number = 0; number < 50; number++) await service.publish(noted, newTenant(), { number, text: 'during' });
  await eventually(async () =>
    expect(await service.health.report()).toMatchObject({ parts: { rabbitmq: { status: 'down' } } }),
  );
  expect(await service.metrics.expose()).toContain('outbox_waiting 50');
  await broker.restore();

  await eventually(() => expect(new Set(received()).size).toBe(51));
  await eventually(async () => expect(await service.waiting()).toBe(0));
});

it('loses nothing when the broker goes away in the midst of sending', async () => {
  const service = await start();
  await insertMany(service, 3_000, 'x'.repeat(1_000));
  await eventually(() => expect(outside.messages.length).toBeGreaterThan(100), { intervalMs: 1 });

  await broker.cut();
  await broker.restore();

  await eventually(() => expect(new Set(received()).size).toBe(3_000));
});

it('sends what an instance that died has left behind', async () => {
  const writer = await start();
  await broker.cut();
  await insertMany(writer, 10);
  await writer.stop();
  services.length = 0;
  await broker.restore();

  await start();

  await eventually(() => expect(outside.messages).toHaveLength(10));
});

it('sends what is committed before it stops', async () => {
  const service = await start();
  await service.publish(noted, newTenant(), { number: 0, text: 'warm' });
  await eventually(() => expect(outside.messages).toHaveLength(1));
  await insertMany(service, 100);
  await service.stop();
  services.length = 0;

  await eventually(() => expect(outside.messages).toHaveLength(101));
});

it('starts and works while the broker is away', async () => {
  await broker.cut();
  const service = await start();
  await service.publish(noted, newTenant(), { number: 1, text: 'x' });
  await broker.restore();

  await eventually(() => expect(received()).toEqual([1]));
});
