import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { settingsChanged, type EventOf } from '@parley/contracts';
import { ack, Broadcast, type Verdict } from '@parley/messaging';
import { SettingsChanges } from './settings-changes.js';

/** Every instance hears of every change. */
@Controller()
export class SettingsChangesConsumer {
  constructor(private readonly changes: SettingsChanges) {}

  @Broadcast()
  @EventPattern(settingsChanged.type)
  onSettingsChanged(@Payload() { tenantId, data }: EventOf<typeof settingsChanged>): Verdict {
    this.changes.heard(tenantId, data.setting);
    return ack();
  }
}
