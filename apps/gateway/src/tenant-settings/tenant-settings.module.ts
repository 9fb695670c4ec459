import { Global, Module } from '@nestjs/common';
import { SettingsChangesConsumer } from './settings-changes.consumer.js';
import { SettingsChanges } from './settings-changes.js';

/** Gives `SettingsChanges` to all who keep or change a tenant’s settings. */
@Global()
@Module({ controllers: [SettingsChangesConsumer], providers: [SettingsChanges], exports: [SettingsChanges] })
export class TenantSettingsModule {}
