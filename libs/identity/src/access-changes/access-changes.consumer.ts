import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { accessChanged, apiKeyRevoked, type EventOf } from '@parley/contracts';
import { ack, Broadcast, type Verdict } from '@parley/messaging';
import { AccessChangeLog } from './access-change-log.js';

/** What a service subscribes to for its verifier: `subscribes: [...identityEvents]`. */
export const identityEvents = [accessChanged, apiKeyRevoked] as const;

/** Every instance hears of every change. */
@Controller()
export class AccessChangesConsumer {
  constructor(private readonly changes: AccessChangeLog) {}

  @Broadcast()
  @EventPattern(accessChanged.type)
  onAccessChanged(@Payload() { tenantId, data }: EventOf<typeof accessChanged>): Verdict {
    this.changes.apply(tenantId, data.changes, 'event');
    return ack();
  }

  /** All that an auth service of the release before says of a revoked key. */
  @Broadcast()
  @EventPattern(apiKeyRevoked.type)
  onApiKeyRevoked(@Payload() { tenantId, data }: EventOf<typeof apiKeyRevoked>): Verdict {
    const { api_key_id: id, tokens_expire_at: until } = data;
    this.changes.apply(tenantId, [{ kind: 'api_key_revoked', id, until }], 'event');
    return ack();
  }
}
