// Real: PostgreSQL and RabbitMQ.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, testAmqp, type TestAmqp, type TestDatabase } from '@parley/testing';
import { ack, deadLettersCommand } from '../src/index.js';
import { newTenant, noted } from './contracts.js';
import { openQueues, type Queues } from './queues.js';
import { eventsDatabase, TestService } from './service.js';

let database: TestDatabase;
let amqp: TestAmqp;
let queues: Queues;
let service: TestService;
const handled: number[] = [];

beforeAll(async () => {
  [database, amqp] = await Promise.all([eventsDatabase(), testAmqp()]);
  queues = await openQueues(amqp.url);
  const handle = ({ data }: { data: unknown }) => {
    handled.push((data as { number: number }).number);
    return ack();
  };
  service = await TestService.start({
    service: 'given',
    database,
    amqpUrl: amqp.url,
    subscribers: [{ contract: noted, handle }],
  });
});
afterAll(async () => {
  await service.stop();
  await queues.close();
  await database.drop();
  await amqp.drop();
});

const command = async (...argv: string[]) => {
  const lines: string[] = [];
  const code = await deadLettersCommand({ service: 'given', config: { AMQP_URL: amqp.url } }, argv, (text) =>
    lines.push(text),
  );
  return { code, lines };
};

const ids = ['0198c0de-0000-4000-8000-00000000000a', '0198c0de-0000-4000-8000-00000000000b'] as const;
const bury = (id: string, number: number) => {
  const event = {
    specversion: '1.0',
    id,
    type: noted.type,
    source: '/parley/x',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: newTenant(),
    data: { number, text: 'x' },
  };
  queues.channel.sendToQueue('parley.given.dead', Buffer.from(JSON.stringify(event)), {
    persistent: true,
    messageId: id,
    type: noted.type,
    headers: { 'x-parley-reason': 'a bug', 'x-parley-attempts': 6 },
  });
  return queues.channel.waitForConfirms();
};

it('lists dead letters, oldest first, and leaves them where they are', async () => {
  await bury(ids[0], 1);
  await bury(ids[1], 2);

  const first = await eventually(async () => {
    const listed = await command('list');
    expect(listed.lines).toHaveLength(2);
    return listed;
  });
  const second = await eventually(async () => {
    const listed = await command('list', '--limit', '1');
    expect(listed.lines).toHaveLength(1);
    return listed;
  });

  expect(JSON.parse(first.lines[0] ?? '')).toMatchObject({
    event_id: ids[0],
    type: noted.type,
    reason: 'a bug',
    attempts: 6,
    content: { data: { number: 1 } },
  });
  expect(second.lines[0]).toBe(first.lines[0]);
});

it('replays the events it is told, and then the rest, as new', async () => {
  expect((await command('replay', ids[1])).lines).toEqual(['1 replayed\n']);
  await eventually(() => expect(handled).toEqual([2]));

  await eventually(async () => expect((await queues.look('parley.given.dead')).messageCount).toBe(1));
  expect((await command('replay', '--all')).lines).toEqual(['1 replayed\n']);
  await eventually(() => expect(handled).toEqual([2, 1]));
});

it.each([[[]], [['replay']], [['replay', '--all', 'id']], [['bury']]])(
  'explains itself at %j, with exit code 2',
  async (argv) => {
    const { code, lines } = await command(...argv);
    expect(code).toBe(2);
    expect(lines.join()).toContain('Usage: dead-letters');
  },
);
