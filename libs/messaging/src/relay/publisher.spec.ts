import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { silentLog } from '@parley/service-kit';
import type { BrokerConnection } from '../broker/broker-connection.js';
import { Publisher } from './publisher.js';

type Done = (error: Error | null) => void;

/** A publisher whose broker answers when the test does. */
async function newPublisher() {
  const clock = new ManualClock();
  const sent: { content: Buffer; done: Done }[] = [];
  let closed = 0;
  const channel = Object.assign(new EventEmitter(), {
    assertExchange: async () => undefined,
    publish: (_exchange: string, _key: string, content: Buffer, _options: object, done: Done) =>
      sent.push({ content, done }),
    close: async () => void (closed += 1),
  });
  const connection = Object.assign(new EventEmitter(), {
    current: { createConfirmChannel: async () => channel },
    blockedBecause: undefined as string | undefined,
  });
  let ready = 0;
  const sut = new Publisher({
    connection: connection as unknown as BrokerConnection,
    service: 'test',
    publishes: [],
    clock,
    log: silentLog,
    onReady: () => void (ready += 1),
  });
  await clock.advance(0);
  return { sut, clock, sent, connection, ready: () => ready, closed: () => closed };
}

const event = (position: string) => ({
  position,
  id: '0198c0de-0000-4000-8000-00000000000a',
  type: 'test.note.noted.v1',
  tenant_id: '0198c0de-0000-4000-8000-000000000001',
  occurred_at: new Date('2026-01-02T03:04:05.678Z'),
  traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
  data: '{"text":"as it is"}',
});

it('writes a CloudEvent around the data', async () => {
  const { sut, sent } = await newPublisher();
  void sut.publish([event('1')]);

  expect(JSON.parse(sent[0]?.content.toString() ?? '')).toEqual({
    specversion: '1.0',
    id: '0198c0de-0000-4000-8000-00000000000a',
    type: 'test.note.noted.v1',
    source: '/parley/test',
    time: '2026-01-02T03:04:05.678Z',
    datacontenttype: 'application/json',
    tenantid: '0198c0de-0000-4000-8000-000000000001',
    traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    data: { text: 'as it is' },
  });
});

it('names the events that the broker confirmed, and not those that it refused', async () => {
  const { sut, sent } = await newPublisher();
  const published = sut.publish([event('1'), event('2'), event('3')]);
  sent[0]?.done(null);
  sent[1]?.done(new Error('message nacked'));
  sent[2]?.done(null);

  expect((await published).map(({ position }) => position)).toEqual(['1', '3']);
});

it('gives up a broker that confirms nothing for ten seconds, with what it did confirm', async () => {
  const { sut, clock, sent, closed } = await newPublisher();
  const published = sut.publish([event('1'), event('2')]);
  sent[0]?.done(null);
  await clock.advance(10_000);

  expect((await published).map(({ position }) => position)).toEqual(['1']);
  expect(closed()).toBe(1);
  expect(sut.ready).toBe(false);
});

it('is not ready while the broker is blocked, and says when it is again', async () => {
  const { sut, connection, ready } = await newPublisher();
  expect([sut.ready, ready()]).toEqual([true, 1]);
  connection.blockedBecause = 'low on memory';
  expect(sut.ready).toBe(false);

  connection.blockedBecause = undefined;
  connection.emit('unblocked');

  expect([sut.ready, ready()]).toEqual([true, 2]);
});
