import { Controller, Get, Inject, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { defineEvent, type EventOf } from '@parley/contracts';
import { Database, databaseConfig, PersistenceModule } from '@parley/persistence';
import { bootstrap, defineConfig, loadConfig, traceHeaders } from '@parley/service-kit';
import { z } from 'zod';
import {
  ack,
  amqpConfig,
  connectEvents,
  Inbox,
  inboxMigration,
  MessagingModule,
  Outbox,
  outboxEntriesMigration,
  outboxMigration,
} from '../../src/index.js';

const noted = defineEvent('test.note.noted.v1', 'A note was noted', z.object({ text: z.string() }));
const tenant = '0198c0de-0000-4000-8000-000000000001';
const config = loadConfig(defineConfig({ ...databaseConfig, ...amqpConfig }));

/** Publishes an event in a request, hears it again, and tells the trace that it heard it in. */
@Controller()
class NotesController {
  private heard: string | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Inbox) private readonly inbox: Inbox,
  ) {}

  @Get('publish')
  async publish() {
    await this.database.inTenant(tenant, (tx) => this.outbox.add(tx, noted, tenant, { text: 'x' }));
    return {};
  }

  @Get('heard')
  hear() {
    return { traceparent: this.heard };
  }

  @EventPattern(noted.type)
  async onNoted(@Payload() event: EventOf<typeof noted>) {
    await this.inbox.once(event, (tx) => tx.query('select 1 as effect'));
    this.heard = traceHeaders().traceparent;
    return ack();
  }
}

@Module({
  imports: [
    PersistenceModule.forRoot({
      config,
      entities: [],
      migrations: [
        outboxMigration(1_700_000_000_001),
        inboxMigration(1_700_000_000_002),
        outboxEntriesMigration(1_700_000_000_003),
      ],
    }),
    MessagingModule.forRoot({ service: 'child', config, publishes: [noted], subscribes: [noted] }),
  ],
  controllers: [NotesController],
})
class ChildModule {}

await bootstrap({ service: 'child', module: ChildModule, config, onApplication: connectEvents });
