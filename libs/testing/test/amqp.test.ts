import { expect, it } from '@jest/globals';
import { connect } from 'amqplib';
import { testAmqp } from '../src/index.js';

// Real: RabbitMQ.
it('gives each test a virtual host that others do not see', async () => {
  const [one, other] = await Promise.all([testAmqp(), testAmqp()]);
  const connection = await connect(one.url);
  const channel = await connection.createChannel();
  await channel.assertQueue('parley.gateway', { durable: true, arguments: { 'x-queue-type': 'quorum' } });

  expect(await one.control('list_queues', 'name')).toContain('parley.gateway');
  expect(await other.control('list_queues', 'name')).not.toContain('parley.gateway');

  await connection.close();
  await Promise.all([one.drop(), other.drop()]);
});
