import { TenantSettings } from '../tenant-settings/tenant-settings.js';
import type { PricesInTime } from './prices-in-time.js';

/** Every tenant’s prices, at hand for each call. */
export class TenantPrices extends TenantSettings<PricesInTime> {}
