import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { circleModel, turnInterrupted, type EventOf } from '@parley/contracts';
import { ack, Inbox, type Verdict } from '@parley/messaging';
import { LostTurnRecords } from './lost-turn-records.js';
import { LostTurnsRepository } from './lost-turns.repository.js';

/** Records what a turn has used whose gateway was lost. What the circle's experts use is on record as calls of their own. */
@Controller()
export class LostTurnsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly records: LostTurnRecords,
    private readonly repository: LostTurnsRepository,
  ) {}

  @EventPattern(turnInterrupted.type)
  async onInterrupted(@Payload() event: EventOf<typeof turnInterrupted>): Promise<Verdict> {
    const { usage, model } = event.data;
    if (!usage || model === circleModel) return ack();
    const record = await this.records.make(event, usage);
    await this.inbox.once(event, (tx) => this.repository.add(tx, event.tenantId, record));
    return ack();
  }
}
