import { Global, Module } from '@nestjs/common';
import { SettingsChangesConsumer } from './settings-changes.consumer.js';
import { SettingsChanges } from './settings-changes.js';
import { SettingsContext } from './settings-context.js';

/** For all who keep or change a tenant’s settings. */
@Global()
@Module({
  controllers: [SettingsChangesConsumer],
  providers: [SettingsChanges, SettingsContext],
  exports: [SettingsChanges, SettingsContext],
})
export class TenantSettingsModule {}
