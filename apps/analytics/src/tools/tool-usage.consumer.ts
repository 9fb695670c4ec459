import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { toolInvoked, type EventOf } from '@parley/contracts';
import { ack, Inbox, type Verdict } from '@parley/messaging';
import { ToolUsageRepository } from './tool-usage.repository.js';

@Controller()
export class ToolUsageConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly repository: ToolUsageRepository,
  ) {}

  /** The inbox keeps out a repeated event, the ledger an invocation that comes in two events. */
  @EventPattern(toolInvoked.type)
  async onToolInvoked(@Payload() event: EventOf<typeof toolInvoked>): Promise<Verdict> {
    await this.inbox.once(event, (tx) => this.repository.record(tx, event.tenantId, event.data.invocations));
    return ack();
  }
}
