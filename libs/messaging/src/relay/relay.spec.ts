import { expect, it } from '@jest/globals';
import type { SystemDatabase, Transaction } from '@parley/persistence';
import { createLog, type Clock } from '@parley/service-kit';
import { WakeSignal } from '../outbox/wake-signal.js';
import type { joinLists, StoredEvent } from './join-lists.js';
import type { Publisher } from './publisher.js';
import { Relay } from './relay.js';

type Joined = ReturnType<typeof joinLists>[number];

const turns = async (count = 20) => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};

/** A relay over a table in memory and a broker that says what it takes; its timers run only when the test says so. */
function newRelay() {
  const rows = new Map<string, StoredEvent>();
  const broker = { ready: true, takes: (_: Joined) => true, published: [] as string[], closed: false };
  const timers: (() => void)[] = [];
  const lines: string[] = [];
  const query = async (sql: { name: string }, params: string[][] = []) => {
    if (sql.name === 'parley_outbox_take') return [...rows.values()];
    for (const position of params[0] ?? []) rows.delete(position);
    return [];
  };
  const database = { transaction: (fn: (tx: Transaction) => unknown) => fn({ query } as unknown as Transaction) };
  const publisher = {
    get ready() {
      return broker.ready;
    },
    open: async () => undefined,
    close: async () => void (broker.closed = true),
    publish: async (events: Joined[]) => {
      const taken = events.filter(broker.takes);
      broker.published.push(...taken.flatMap(({ positions }) => positions));
      return taken;
    },
  };
  const clock: Clock = {
    now: () => 0,
    setTimeout: (fn) => {
      timers.push(fn);
      return () => void timers.splice(timers.indexOf(fn), 1);
    },
  };
  const signal = new WakeSignal();
  const log = createLog({ level: 'warn', base: {}, destination: { write: (line) => lines.push(line) } });
  const relay = new Relay(database as unknown as SystemDatabase, publisher as unknown as Publisher, signal, clock, log);
  const add = (position: string) => rows.set(position, { position, entries: null } as StoredEvent);
  return { relay, rows, broker, timers, signal, add, lines, database };
}

it('deletes what the broker has confirmed and keeps what it has not', async () => {
  const { relay, rows, broker, add } = newRelay();
  for (const position of ['1', '2', '3']) add(position);
  broker.takes = ({ positions }) => !positions.includes('2');
  await relay.onApplicationBootstrap();
  await turns();

  expect([...rows.keys()]).toEqual(['2']);
});

it('touches neither database nor broker while the broker is away, however often it is woken', async () => {
  const { relay, broker, signal, add, database } = newRelay();
  let transactions = 0;
  const { transaction } = database;
  database.transaction = (fn) => {
    transactions += 1;
    return transaction(fn);
  };
  broker.ready = false;
  await relay.onApplicationBootstrap();
  add('1');
  for (let wake = 0; wake < 10; wake++) {
    signal.wake();
    await turns(2);
  }
  expect(transactions).toBe(0);

  broker.ready = true;
  relay.resume();
  await turns();

  expect(broker.published).toEqual(['1']);
});

it('looks at the table by itself, for rows that nobody announced', async () => {
  const { relay, broker, timers, add } = newRelay();
  await relay.onApplicationBootstrap();
  await turns();
  add('1');
  timers[0]?.();
  await turns();

  expect(broker.published).toEqual(['1']);
});

it('says once that the outbox cannot be read, and goes on when it can', async () => {
  const { relay, broker, timers, add, lines, database } = newRelay();
  const { transaction } = database;
  database.transaction = () => Promise.reject(new Error('gone'));
  await relay.onApplicationBootstrap();
  for (let failure = 0; failure < 5; failure++) {
    await turns(3);
    timers[0]?.();
  }
  expect(lines).toHaveLength(1);

  database.transaction = transaction;
  add('1');
  relay.resume();
  await turns();

  expect(broker.published).toEqual(['1']);
});

it('sends what is there when it is told to stop, and then closes', async () => {
  const { relay, broker, add } = newRelay();
  await relay.onApplicationBootstrap();
  await turns();
  add('1');
  await relay.stop();

  expect(broker).toMatchObject({ published: ['1'], closed: true });
});
