// Real: RabbitMQ, and the subscriber of docs/guides/subscribe-to-events.md, word for word, in a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventsExchange, usageRecorded } from '@parley/contracts';
import { eventually, testAmqp, type TestAmqp } from '@parley/testing';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';

const root = new URL('../../../', import.meta.url);
const guide = readFileSync(new URL('docs/guides/subscribe-to-events.md', root), 'utf8');
const golden = readFileSync(new URL(`libs/contracts/golden/events/${usageRecorded.type}.json`, root), 'utf8');

let amqp: TestAmqp;
let broker: ChannelModel;
let channel: ConfirmChannel;
let subscriber: ChildProcess;
let output = '';

beforeAll(async () => {
  amqp = await testAmqp();
  broker = await connect(amqp.url);
  channel = await broker.createConfirmChannel();
  await channel.assertExchange(eventsExchange, 'topic', { durable: true });
  const script = /```js\n([^]*?)```/.exec(guide)?.[1] ?? '';
  subscriber = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(root),
    env: { PATH: process.env['PATH'], AMQP_URL: amqp.url },
  });
  subscriber.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventually(async () => {
    expect(await amqp.control('list_consumers')).toContain('acme.usage');
  });
}, 60_000);
afterAll(async () => {
  subscriber.kill();
  if (subscriber.exitCode === null && subscriber.signalCode === null) await once(subscriber, 'exit');
  await broker.close();
  await amqp.drop();
});

const publish = async (content: string) => {
  channel.publish(eventsExchange, usageRecorded.type, Buffer.from(content), { persistent: true });
  await channel.waitForConfirms();
};
const queues = () => amqp.control('list_queues', 'name', 'messages');

it('the guide’s subscriber tells of every record once, however often its event comes', async () => {
  await publish(golden);
  await publish(golden);
  await publish(golden.replaceAll('019c0f8e-7f3a-7c11-8a55-2f1c7d1f0a0', '019c0f8e-7f3a-7c11-8a55-2f1c7d1f0b0'));

  await eventually(async () => {
    expect(output.match(/claude-sonnet-5-5/g)).toHaveLength(2);
    expect(await queues()).toMatch(/^acme\.usage\t0$/m);
  });
  expect(output.match(/claude-sonnet-5-5/g)).toHaveLength(2);
});

it('what it cannot handle goes to its own dead letters, and the next event is handled', async () => {
  await publish('{}');
  await publish(golden.replaceAll('019c0f8e-7f3a-7c11-8a55-2f1c7d1f0a0', '019c0f8e-7f3a-7c11-8a55-2f1c7d1f0c0'));

  await eventually(async () => {
    expect(output.match(/claude-sonnet-5-5/g)).toHaveLength(3);
    expect(await queues()).toMatch(/^acme\.usage\.dead\t1$/m);
  });
});
