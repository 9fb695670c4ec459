import { TenantSettings } from '../tenant-settings/tenant-settings.js';
import type { PriceSchedule } from './price-schedule.js';

/** Every tenant’s prices, at hand for each call. */
export class TenantPrices extends TenantSettings<PriceSchedule> {}
