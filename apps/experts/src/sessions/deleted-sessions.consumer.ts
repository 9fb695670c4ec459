import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { sessionCleared, sessionDeleted, type EventOf } from '@parley/contracts';
import { ack, Inbox, type Verdict } from '@parley/messaging';
import { DeletedSessionsRepository } from './deleted-sessions.repository.js';

/** What a deleted session asked the circle is deleted too, and of a cleared one what it had asked until then. */
@Controller()
export class DeletedSessionsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly sessions: DeletedSessionsRepository,
  ) {}

  @EventPattern(sessionDeleted.type)
  async onDeleted(@Payload() event: EventOf<typeof sessionDeleted>): Promise<Verdict> {
    await this.inbox.once(event, (tx) => this.sessions.forget(tx, event.tenantId, event.data.session_id));
    return ack();
  }

  @EventPattern(sessionCleared.type)
  async onCleared(@Payload() event: EventOf<typeof sessionCleared>): Promise<Verdict> {
    const { tenantId, time, data } = event;
    await this.inbox.once(event, (tx) => this.sessions.clear(tx, tenantId, data.session_id, time));
    return ack();
  }
}
