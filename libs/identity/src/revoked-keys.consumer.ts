import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { apiKeyRevoked, type EventOf } from '@parley/contracts';
import { ack, Broadcast, type Verdict } from '@parley/messaging';
import { RevokedKeys } from './revoked-keys.js';

/** Every instance hears of every revocation. One that the broker could not reach is late by a token's lifetime at most. */
@Controller()
export class RevokedKeysConsumer {
  constructor(private readonly revoked: RevokedKeys) {}

  @Broadcast()
  @EventPattern(apiKeyRevoked.type)
  onApiKeyRevoked(@Payload() event: EventOf<typeof apiKeyRevoked>): Verdict {
    this.revoked.add(event.data.api_key_id, new Date(event.data.tokens_expire_at));
    return ack();
  }
}
