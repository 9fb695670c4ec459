import { Injectable } from '@nestjs/common';
import { PriceTable } from '@parley/llm';
import { SettingsContext } from '../tenant-settings/settings-context.js';
import { TenantSettings } from '../tenant-settings/tenant-settings.js';
import { PriceSchedule } from './price-schedule.js';
import { PriceVersionsRepository } from './price-versions.repository.js';

/** Every tenant’s prices, at hand for each call. */
@Injectable()
export class TenantPrices extends TenantSettings<PriceSchedule> {
  constructor(platform: PriceTable, versions: PriceVersionsRepository, context: SettingsContext) {
    const load = async (tenantId: string) =>
      new PriceSchedule(platform, await versions.fromThenOn(tenantId, new Date(context.clock.now())));
    super({ name: 'prices', load }, context);
  }
}
