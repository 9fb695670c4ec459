import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { usageRecorded, type EventOf } from '@parley/contracts';
import { ack, Inbox, type Verdict } from '@parley/messaging';
import { UsageLedgerRepository } from './usage-ledger.repository.js';

@Controller()
export class UsageConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly ledger: UsageLedgerRepository,
  ) {}

  /** The inbox keeps out a repeated event, the ledger a record that comes in two events. */
  @EventPattern(usageRecorded.type)
  async onUsageRecorded(@Payload() event: EventOf<typeof usageRecorded>): Promise<Verdict> {
    await this.inbox.once(event, (tx) => this.ledger.record(tx, event.tenantId, event.data.records));
    return ack();
  }
}
