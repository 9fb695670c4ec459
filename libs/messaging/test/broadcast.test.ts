// Real: PostgreSQL and RabbitMQ; outages of one instance are made by an address in front of the broker.
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { eventually, severable, testAmqp, type Severable, type TestAmqp, type TestDatabase } from '@parley/testing';
import { ack, retry, type Verdict } from '../src/index.js';
import { newTenant, noted } from './contracts.js';
import { eventsDatabase, TestService } from './service.js';

let database: TestDatabase;
let amqp: TestAmqp;
let broker: Severable;
let publisher: TestService;
const services: TestService[] = [];

beforeAll(async () => {
  [database, amqp] = await Promise.all([eventsDatabase(), testAmqp()]);
  broker = await severable(amqp.url);
  publisher = await TestService.start({ service: 'publisher', database, amqpUrl: amqp.url, publishes: [noted] });
});
afterEach(async () => {
  await broker.restore();
  for (const service of services.splice(0)) await service.stop();
});
afterAll(async () => {
  await publisher.stop();
  await broker.close();
  await database.drop();
  await amqp.drop();
});

const publish = (number: number) => publisher.publish(noted, newTenant(), { number, text: 'x' });

/** An instance that keeps the numbers it hears. */
async function instance(name: string, answer: (number: number) => Verdict = () => ack()): Promise<number[]> {
  const heard: number[] = [];
  const handle = ({ data }: { data: unknown }) => {
    const { number } = data as { number: number };
    heard.push(number);
    return answer(number);
  };
  const subscribers = [{ contract: noted, broadcast: true, handle }];
  services.push(
    await TestService.start({ service: 'listener', instance: name, database, amqpUrl: broker.url, subscribers }),
  );
  return heard;
}

it('reaches every instance of the service', async () => {
  const [one, two] = await Promise.all([instance('one'), instance('two')]);

  await publish(1);

  await eventually(() => expect([one, two]).toEqual([[1], [1]]));
});

it('reaches an instance whose connection was lost when the event was published', async () => {
  const heard = await instance('three');
  await broker.cut();
  await publish(1);
  await eventually(async () => expect(await publisher.waiting()).toBe(0));
  await broker.restore();

  await eventually(() => expect(heard).toEqual([1]));
});

it('tries a failing event three times in place, then drops it and goes on', async () => {
  const heard = await instance('four', (number) => (number === 1 ? retry({ because: 'busy', afterMs: 10 }) : ack()));

  await publish(1);
  await publish(2);

  await eventually(() => expect(heard.toSorted()).toEqual([1, 1, 1, 2]));
});
