import { Injectable } from '@nestjs/common';
import { Clock, Log, Metrics } from '@parley/service-kit';
import { SettingsChanges } from './settings-changes.js';

/** What every setting of tenants is kept with. */
@Injectable()
export class SettingsContext {
  constructor(
    readonly changes: SettingsChanges,
    readonly clock: Clock,
    readonly log: Log,
    readonly metrics: Metrics,
  ) {}
}
