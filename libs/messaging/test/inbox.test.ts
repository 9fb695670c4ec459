// Real: PostgreSQL and RabbitMQ.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Shutdown, silentLog, systemClock } from '@parley/service-kit';
import { testAmqp, type TestAmqp, type TestDatabase } from '@parley/testing';
import { unprotectedTables } from '@parley/persistence';
import { InboxRetention } from '../src/inbox/inbox-retention.js';
import { newTenant } from './contracts.js';
import { eventsDatabase, TestService } from './service.js';

let database: TestDatabase;
let amqp: TestAmqp;
let service: TestService;

beforeAll(async () => {
  [database, amqp] = await Promise.all([eventsDatabase(), testAmqp()]);
  service = await TestService.start({ database, amqpUrl: amqp.url });
});
afterAll(async () => {
  await service.stop();
  await database.drop();
  await amqp.drop();
});

it('runs an event’s effect once when two deliveries of it come at the same time', async () => {
  const event = { id: randomUUID(), tenantId: newTenant() };
  let effects = 0;
  const deliver = () =>
    service.inbox.once(event, async (tx) => {
      await tx.query('select pg_sleep(0.05)');
      effects += 1;
    });

  const ran = await Promise.all([deliver(), deliver()]);

  expect(ran.toSorted()).toEqual([false, true]);
  expect(effects).toBe(1);
});

it('lets the second of two deliveries have the effect when the first fails', async () => {
  const event = { id: randomUUID(), tenantId: newTenant() };
  const begun = Promise.withResolvers<unknown>();
  const failing = service.inbox.once(event, async (tx) => {
    begun.resolve(undefined);
    await tx.query('select pg_sleep(0.05)');
    throw new Error('the first fails');
  });
  await begun.promise;
  const second = service.inbox.once(event, (tx) => tx.query('select 1'));

  await expect(failing).rejects.toThrow('the first fails');
  expect(await second).toBe(true);
});

it('forgets handled events after seven days, and none before', async () => {
  const [fresh, old] = [randomUUID(), randomUUID()];
  const insert = `insert into inbox (event_id, tenant_id, handled_at) values
    ($1, gen_random_uuid(), now() - interval '6 days 23 hours'), ($2, gen_random_uuid(), now() - interval '7 days 1 hour')`;
  await service.system.query(insert, [fresh, old]);
  const retention = new InboxRetention(service.system, systemClock, silentLog, new Shutdown(systemClock, silentLog));

  expect(await retention.sweep()).toBe(1);

  const rows = await service.system.query('select event_id from inbox where event_id = any($1)', [[fresh, old]]);
  expect(rows).toEqual([{ event_id: fresh }]);
});

it('keeps outbox and inbox under forced row-level security', async () => {
  expect(await unprotectedTables(service.system)).toEqual([]);
});
