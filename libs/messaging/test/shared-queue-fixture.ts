import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { EventContract, EventOf } from '@parley/contracts';
import { eventually, severable, testAmqp, type Severable, type TestAmqp, type TestDatabase } from '@parley/testing';
import type { GetMessage } from 'amqplib';
import type { Verdict } from '../src/index.js';
import { newTenant, noted } from './contracts.js';
import { openQueues, type Queues } from './queues.js';
import { eventsDatabase, TestService, type TestServiceOptions } from './service.js';

export type Event = EventOf<EventContract>;
export const numberOf = (event: Event): number => (event.data as { number: number }).number;

/** A message of the shared queue as the relay sends it. */
export const message = (number: unknown, change: object = {}): object => ({
  specversion: '1.0',
  id: randomUUID(),
  type: noted.type,
  source: '/parley/publisher',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  tenantid: newTenant(),
  data: { number, text: 'x' },
  ...change,
});

/** Each test has a service of its own name, and so queues of its own, reached through an address that can be cut. */
export class SharedQueueTest {
  database!: TestDatabase;
  amqp!: TestAmqp;
  broker!: Severable;
  queues!: Queues;
  private publisher!: TestService;
  private name!: string;
  private readonly services: TestService[] = [];

  constructor() {
    beforeAll(async () => {
      [this.database, this.amqp] = await Promise.all([eventsDatabase(), testAmqp()]);
      const { database, amqp } = this;
      this.publisher = await TestService.start({
        service: 'publisher',
        database,
        amqpUrl: amqp.url,
        publishes: [noted],
      });
    });
    beforeEach(async () => {
      this.broker = await severable(this.amqp.url);
      this.queues = await openQueues(this.amqp.url);
      this.name = `s${randomUUID().slice(0, 8)}`;
    });
    afterEach(async () => {
      await this.broker.restore();
      await this.stopServices();
      await this.queues.close();
      await this.broker.close();
    });
    afterAll(async () => {
      await this.publisher.stop();
      await this.database.drop();
      await this.amqp.drop();
    });
  }

  get queue(): string {
    return `parley.${this.name}`;
  }

  async start(
    handle: (event: Event) => Promise<Verdict> | Verdict,
    options: Partial<TestServiceOptions> = {},
  ): Promise<TestService> {
    const service = await TestService.start({
      service: this.name,
      database: this.database,
      amqpUrl: this.broker.url,
      subscribers: [{ contract: noted, handle }],
      ...options,
    });
    this.services.push(service);
    return service;
  }

  /** The instance that was started last. */
  get service(): TestService {
    const service = this.services.at(-1);
    if (service === undefined) throw new Error('No service was started');
    return service;
  }

  async stopServices(): Promise<void> {
    for (const service of this.services.splice(0)) await service.stop();
  }

  publish(number: number, tenant = newTenant()): Promise<void> {
    return this.publisher.publish(noted, tenant, { number, text: 'x' });
  }

  async count(queue: string): Promise<number> {
    return (await this.queues.look(queue)).messageCount;
  }

  /** Waits for a message in a queue and takes it out. */
  taken(queue: string): Promise<GetMessage> {
    return eventually(async () => {
      const found = await this.queues.take(queue);
      if (found === false) throw new Error(`${queue} is empty`);
      return found;
    });
  }
}
