import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  sessionCreated,
  sessionDeleted,
  turnCompleted,
  turnInterrupted,
  type EventContract,
  type EventOf,
} from '@parley/contracts';
import { ack, Inbox, type Verdict } from '@parley/messaging';
import { toDay } from '../report/day-range.js';
import { UsageLedgerRepository } from '../usage/usage-ledger.repository.js';
import { SessionUsageRepository, type SessionDay } from './session-usage.repository.js';

/** Each event tells of one thing that happened, so the inbox alone makes it count once; nothing here is a list. */
@Controller()
export class SessionUsageConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly sums: SessionUsageRepository,
    private readonly ledger: UsageLedgerRepository,
  ) {}

  @EventPattern(sessionCreated.type)
  async onCreated(@Payload() event: EventOf<typeof sessionCreated>): Promise<Verdict> {
    await this.inbox.once(event, (tx) => this.sums.add(tx, dayOf(event), 'created'));
    return ack();
  }

  /** What is kept afterwards names the session no more. */
  @EventPattern(sessionDeleted.type)
  async onDeleted(@Payload() event: EventOf<typeof sessionDeleted>): Promise<Verdict> {
    await this.inbox.once(event, async (tx) => {
      await this.sums.add(tx, dayOf(event), 'deleted');
      await this.ledger.forgetSession(tx, event.tenantId, event.data.session_id);
    });
    return ack();
  }

  @EventPattern(turnCompleted.type)
  async onCompleted(@Payload() event: EventOf<typeof turnCompleted>): Promise<Verdict> {
    await this.inbox.once(event, (tx) => this.sums.add(tx, dayOf(event), 'completed', event.data.tokens));
    return ack();
  }

  @EventPattern(turnInterrupted.type)
  async onInterrupted(@Payload() event: EventOf<typeof turnInterrupted>): Promise<Verdict> {
    await this.inbox.once(event, (tx) => this.sums.add(tx, dayOf(event), 'interrupted'));
    return ack();
  }
}

type SessionEvent = Pick<EventOf<EventContract>, 'tenantId' | 'time'> & {
  readonly data: { readonly project_id: string | null };
};

const dayOf = ({ tenantId, time, data }: SessionEvent): SessionDay => ({
  tenantId,
  day: toDay(time),
  projectId: data.project_id,
});
