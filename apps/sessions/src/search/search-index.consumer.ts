import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { messageAppended, sessionCreated, type EventOf } from '@parley/contracts';
import { ack, type Verdict } from '@parley/messaging';
import { SearchIndex } from './search-index.js';

/** What was said can be found once its event has come back: answers when they have ended. Without inbox: a repeat adds nothing. */
@Controller()
export class SearchIndexConsumer {
  constructor(private readonly index: SearchIndex) {}

  @EventPattern(messageAppended.type)
  async onAppended(@Payload() { tenantId, data }: EventOf<typeof messageAppended>): Promise<Verdict> {
    const spoken = data.messages.filter(({ role }) => role === 'user' || role === 'assistant');
    await this.index.add(
      tenantId,
      spoken.map(({ id }) => id),
    );
    return ack();
  }

  /** No event tells of the messages that a fork began with. */
  @EventPattern(sessionCreated.type)
  async onCreated(@Payload() { tenantId, data }: EventOf<typeof sessionCreated>): Promise<Verdict> {
    if (data.forked_from) await this.index.addSession(tenantId, data.session_id);
    return ack();
  }
}
