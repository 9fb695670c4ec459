import { expect, it } from '@jest/globals';
import { defineEvent, type EventContract } from '@parley/contracts';
import { Shutdown, silentLog, systemClock } from '@parley/service-kit';
import { throwError } from 'rxjs';
import { z } from 'zod';
import type { Consumers, Handlers } from './consumers.js';
import { EventsTransport } from './events-transport.js';
import type { InboxRetention } from '../inbox/inbox-retention.js';
import { ack } from './verdict.js';

const noted = defineEvent('test.note.noted.v1', 'A note', z.object({}));
const erased = defineEvent('test.note.erased.v1', 'No note', z.object({}));

function newTransport(subscribes: readonly EventContract[]) {
  const started: { shared?: Handlers; broadcast?: Handlers; retention: number } = { retention: 0 };
  const consumers = {
    drain: async () => undefined,
    start: async (shared: Handlers, broadcast: Handlers) => void Object.assign(started, { shared, broadcast }),
  };
  const retention = { start: () => void (started.retention += 1) };
  const options = { service: 'test', config: { AMQP_URL: 'amqp://x' }, publishes: [], subscribes };
  const sut = new EventsTransport(
    options,
    consumers as unknown as Consumers,
    retention as unknown as InboxRetention,
    new Shutdown(systemClock, silentLog),
  );
  return { sut, started };
}
const listen = (sut: EventsTransport) => () => sut.listen(() => undefined);
const answering = (value: unknown) => () => Promise.resolve(value);

it('stops the start at a contract without a handler', () => {
  const { sut } = newTransport([noted, erased]);
  sut.addHandler(noted.type, answering(ack()), true);
  expect(listen(sut)).toThrow(`without an @EventPattern handler: ${erased.type}`);
});

it('stops the start at a handler without a contract', () => {
  const { sut } = newTransport([]);
  sut.addHandler(noted.type, answering(ack()), true);
  expect(listen(sut)).toThrow(`not among the subscribed contracts: ${noted.type}`);
});

it('refuses a second handler of the same kind, and request handlers', () => {
  const { sut } = newTransport([noted]);
  sut.addHandler(noted.type, answering(ack()), true);
  expect(() => sut.addHandler(noted.type, answering(ack()), true)).toThrow('two handlers');
  expect(() => sut.addHandler('other', answering(ack()), false)).toThrow('@MessagePattern');
});

it('stops the start when subscriptions were never connected', async () => {
  const { sut } = newTransport([noted]);
  await expect(sut.onApplicationBootstrap()).rejects.toThrow('connectEvents(app) was not called');
});

it('keeps shared and broadcast handlers of one type apart', async () => {
  const { sut, started } = newTransport([noted]);
  sut.addHandler(noted.type, answering(ack()), true);
  sut.addHandler(noted.type, answering(ack()), true, { broadcast: true });
  listen(sut)();
  await sut.onApplicationBootstrap();

  expect([...(started.shared?.keys() ?? [])]).toEqual([noted.type]);
  expect([...(started.broadcast?.keys() ?? [])]).toEqual([noted.type]);
  expect(started.retention).toBe(1);
});

it('needs no inbox, and sweeps none, for broadcasts alone', async () => {
  const { sut, started } = newTransport([noted]);
  sut.addHandler(noted.type, answering(ack()), true, { broadcast: true });
  listen(sut)();
  await sut.onApplicationBootstrap();

  expect(started.retention).toBe(0);
});

it('hands on a handler’s verdict, its error as it was, and takes no verdict for an error', async () => {
  const { sut, started } = newTransport([noted, erased]);
  const failure = new Error('as it was');
  const answers: unknown[] = [ack(), throwError(() => failure), undefined];
  sut.addHandler(noted.type, () => Promise.resolve(answers.shift()), true);
  sut.addHandler(erased.type, answering(ack()), true);
  listen(sut)();
  await sut.onApplicationBootstrap();
  const handle = started.shared?.get(noted.type);
  const event = { id: 'x', type: noted.type, time: new Date(0), tenantId: 'x', data: {} };

  expect(await handle?.(event)).toEqual(ack());
  await expect(handle?.(event)).rejects.toBe(failure);
  await expect(handle?.(event)).rejects.toThrow('answered no verdict');
});
