import { jest } from '@jest/globals';
import { Controller, Module, type Type } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { EventContract, EventOf } from '@parley/contracts';
import { Database, migrate, PersistenceModule, SystemDatabase, tenantTable } from '@parley/persistence';
import { defineConfig, HealthRegistry, Metrics, parseConfig, startService, type Service } from '@parley/service-kit';
import { testDatabase, type TestDatabase } from '@parley/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { z } from 'zod';
import {
  Broadcast,
  connectEvents,
  Inbox,
  inboxMigration,
  MessagingModule,
  Outbox,
  outboxEntriesMigration,
  outboxMigration,
  type Verdict,
} from '../src/index.js';

// On a busy machine RabbitMQ takes a second to declare a service's seven quorum queues, and every test has its own.
jest.setTimeout(30_000);

/** Where the handlers of these tests have their effect. */
class Effects1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table effects (event_id uuid not null, tenant_id uuid not null)');
    await tenantTable(runner, 'effects');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table effects');
  }
}

const migrations = [
  outboxMigration(1_700_000_000_001),
  inboxMigration(1_700_000_000_002),
  Effects1700000000003,
  outboxEntriesMigration(1_700_000_000_004),
];

/** A database with the tables of outbox and inbox, and one for the effects of handlers. */
export const eventsDatabase = (): Promise<TestDatabase> =>
  testDatabase(async (url) => {
    await migrate({ url, migrations });
  });

export interface Subscriber {
  readonly contract: EventContract;
  readonly broadcast?: boolean;
  readonly handle: (event: EventOf<EventContract>) => Promise<Verdict> | Verdict;
}

export interface TestServiceOptions {
  readonly service?: string;
  readonly instance?: string;
  readonly database: TestDatabase;
  readonly amqpUrl: string;
  readonly publishes?: readonly EventContract[];
  readonly subscribers?: readonly Subscriber[];
  /** Filled with what the service logs. */
  readonly logLines?: string[];
}

/** A service as `bootstrap` would start it. */
export class TestService {
  private constructor(private readonly service: Service) {}

  static async start(options: TestServiceOptions): Promise<TestService> {
    const { service = 'test', instance = 'one', database, amqpUrl, subscribers = [], publishes = [] } = options;
    const contracts = new Set(subscribers.map(({ contract }) => contract));

    @Module({
      imports: [
        PersistenceModule.forRoot({
          config: {
            DATABASE_URL: database.appUrl,
            DATABASE_SYSTEM_URL: database.systemUrl,
            DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
          },
          entities: [],
          migrations: [],
        }),
        MessagingModule.forRoot({ service, config: { AMQP_URL: amqpUrl }, publishes, subscribes: [...contracts] }),
      ],
      controllers: subscribers.map(controllerOf),
    })
    class TestModule {}

    const environment = { PARLEY_INSTANCE_ID: instance, PARLEY_DRAIN_ANNOUNCE_MS: '0' };
    const started = await startService({
      service,
      module: TestModule,
      config: parseConfig(defineConfig({}), environment),
      onApplication: connectEvents,
      logDestination: { write: (line) => void options.logLines?.push(line) },
    });
    return new TestService(started);
  }

  get outbox(): Outbox {
    return this.service.app.get(Outbox);
  }
  get inbox(): Inbox {
    return this.service.app.get(Inbox);
  }
  get database(): Database {
    return this.service.app.get(Database);
  }
  get system(): SystemDatabase {
    return this.service.app.get(SystemDatabase);
  }
  get metrics(): Metrics {
    return this.service.app.get(Metrics);
  }
  get health(): HealthRegistry {
    return this.service.app.get(HealthRegistry);
  }

  /** Adds one event in a transaction of its own. */
  async publish<C extends EventContract>(contract: C, tenantId: string, data: z.input<C['data']>): Promise<void> {
    await this.database.inTenant(tenantId, (tx) => this.outbox.add(tx, contract, tenantId, data));
  }

  /** A handler's effect, through the inbox: a row in a table. */
  async effect(event: EventOf<EventContract>, fail = false): Promise<void> {
    await this.inbox.once(event, async (tx) => {
      await tx.query('insert into effects (event_id, tenant_id) values ($1, $2)', [event.id, event.tenantId]);
      if (fail) throw new Error('half-way');
    });
  }

  async effects(): Promise<string[]> {
    const rows = await this.system.query<{ event_id: string }>('select event_id from effects');
    return rows.map((row) => row.event_id);
  }

  async waiting(): Promise<number> {
    const [row] = await this.system.query<{ count: number }>('select count(*)::int from outbox');
    return row?.count ?? 0;
  }

  stop(): Promise<void> {
    return this.service.stop();
  }
}

function controllerOf({ contract, broadcast = false, handle }: Subscriber): Type {
  @Controller()
  class Subscribed {
    on(event: EventOf<EventContract>): Promise<Verdict> | Verdict {
      return handle(event);
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Subscribed.prototype, 'on') ?? {};
  EventPattern(contract.type)(Subscribed.prototype, 'on', descriptor);
  if (broadcast) Broadcast()(Subscribed.prototype, 'on', descriptor);
  return Subscribed;
}
