import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { createLog } from '@parley/service-kit';
import type { BrokerConnection } from './broker-connection.js';
import { ManagedChannel } from './managed-channel.js';

/** A connection whose channels the test closes. */
function newManagedChannel(setUp: () => Promise<void> = async () => undefined) {
  const clock = new ManualClock();
  const channels: EventEmitter[] = [];
  const lines: string[] = [];
  const model = {
    createConfirmChannel: async () => {
      const channel = Object.assign(new EventEmitter(), { close: async () => void channel.emit('close') });
      channels.push(channel);
      return channel;
    },
  };
  const live: { current: object | undefined } = { current: model };
  const connection = Object.assign(new EventEmitter(), live);
  const log = createLog({ level: 'error', base: {}, destination: { write: (line) => lines.push(line) } });
  let ready = 0;
  const sut = new ManagedChannel({
    connection: connection as unknown as BrokerConnection,
    clock,
    log,
    setUp,
    onReady: () => void (ready += 1),
  });
  return { sut, clock, channels, connection, model, lines, ready: () => ready };
}

it('opens a channel that the broker closed again, after a pause', async () => {
  const { sut, clock, channels, ready } = newManagedChannel();
  await clock.advance(0);
  channels[0]?.emit('error', new Error('closed by the server'));
  channels[0]?.emit('close');
  expect(sut.current).toBeUndefined();
  await clock.advance(999);
  expect(channels).toHaveLength(1);

  await clock.advance(1_000);

  expect(channels).toHaveLength(2);
  expect(sut.current).toBe(channels[1]);
  expect(ready()).toBe(2);
});

it('leaves the opening to the next connection when the connection itself is lost', async () => {
  const { sut, clock, channels, connection, model } = newManagedChannel();
  await clock.advance(0);
  connection.current = undefined;
  channels[0]?.emit('close');
  await clock.advance(60_000);
  expect(channels).toHaveLength(1);

  connection.current = model;
  connection.emit('up', model);
  await clock.advance(0);

  expect(sut.current).toBe(channels[1]);
});

it('tries again, one channel at a time, when setting up fails and the channel closes over it', async () => {
  let failures = 3;
  const { sut, clock, channels } = newManagedChannel(async () => {
    if (failures-- > 0) {
      channels.at(-1)?.emit('close');
      throw new Error('refused');
    }
  });
  await clock.advance(60_000);

  expect(channels).toHaveLength(4);
  expect(sut.current).toBe(channels[3]);
});

it('says what to do about a queue that exists with other arguments', async () => {
  const { clock, channels, lines } = newManagedChannel();
  await clock.advance(0);
  channels[0]?.emit(
    'error',
    new Error("PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'parley.auth'"),
  );
  channels[0]?.emit('error', new Error('PRECONDITION_FAILED - delivery acknowledgement timed out'));

  expect(lines[0]).toContain('rabbitmqctl delete_queue');
  expect(lines[1]).not.toContain('rabbitmqctl');
});

it('stays closed once it is closed', async () => {
  const { sut, clock, channels } = newManagedChannel();
  await clock.advance(0);
  await sut.close();
  await clock.advance(60_000);

  expect(channels).toHaveLength(1);
});
