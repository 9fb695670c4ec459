/** Real: RabbitMQ and its permissions, as the guide gives them. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventsExchange, passwordResetRequested } from '@parley/contracts';
import { testAmqp, type TestAmqp } from '@parley/testing';
import { connect, type ChannelModel } from 'amqplib';

const guide = new URL('../../../../docs/guides/subscribe-to-events.md', import.meta.url);
let amqp: TestAmqp;
let acme: ChannelModel;
let mailer: ChannelModel;
const open: ChannelModel[] = [];

beforeAll(async () => {
  amqp = await testAmqp();
  const connection = await connect(amqp.url);
  open.push(connection);
  const channel = await connection.createChannel();
  await channel.assertExchange(eventsExchange, 'topic', { durable: true });
  [acme, mailer] = [await connectAs('acme'), await connectAs('mailer')];
}, 30_000);

afterAll(async () => {
  for (const connection of open) await connection.close();
  await amqp.drop();
});

/** Connects a user with the permissions that the guide gives to the one of this name. */
async function connectAs(named: string): Promise<ChannelModel> {
  const text = await readFile(guide, 'utf8');
  const user = await amqp.addUser();
  const commands = [...text.matchAll(new RegExp(`^rabbitmqctl (set_\\w*permissions) ${named} (.+)$`, 'gm'))];
  expect(commands).toHaveLength(2);
  for (const [, command = '', args = ''] of commands)
    await amqp.control(command, user.name, ...args.split(' ').map((arg) => arg.replaceAll("'", '')));
  const connection = await connect(user.url);
  open.push(connection);
  return connection;
}

/** What the broker refuses closes the channel, so each has its own. */
async function bind(named: 'acme' | 'mailer', pattern: string): Promise<void> {
  const channel = await (named === 'acme' ? acme : mailer).createChannel();
  channel.on('error', () => undefined);
  const { queue } = await channel.assertQueue(`${named}.${randomUUID()}`, { exclusive: true });
  await channel.bindQueue(queue, eventsExchange, pattern);
}

describe('the event that a password reset is delivered by', () => {
  it.each([passwordResetRequested.type, 'auth.password_reset.*.v1', 'auth.#', 'auth.*.*.v1', '*.*.requested.v1', '#'])(
    'is not read by a subscriber that binds %s',
    async (pattern) => {
      await expect(bind('acme', pattern)).rejects.toThrow('403 (ACCESS-REFUSED)');
    },
  );

  it('leaves a subscriber all others', async () => {
    await bind('acme', 'auth.api_key.*');
    await bind('acme', 'gateway.#');
  });

  it('is read by the one that delivers it, which reads no other', async () => {
    await bind('mailer', passwordResetRequested.type);
    await expect(bind('mailer', 'auth.#')).rejects.toThrow('403 (ACCESS-REFUSED)');
  });
});
