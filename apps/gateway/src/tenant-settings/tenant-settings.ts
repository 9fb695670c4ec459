import { LocalCache } from '@parley/cache';
import type { Clock, Log, Metrics } from '@parley/service-kit';
import type { Setting, SettingsChanges } from './settings-changes.js';

export interface TenantSettingsOptions<T> {
  readonly name: Setting;
  /** Reads the tenant’s value, which may be “nothing is set”, but not undefined. */
  readonly load: (tenantId: string) => Promise<T>;
}

/** As much of `SettingsContext` as is needed. */
interface Context {
  readonly changes: Pick<SettingsChanges, 'on'>;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
}

/** A change that was not heard of, because the broker was away, is known after so long. */
const ttlMs = 30_000;
/** From then on it is read anew beside the calls, so that none waits for that where they come more often. */
const renewAfterMs = 15_000;
/** The last good value of a tenant is good for so long where nothing newer can be read. */
const lastGoodMs = 86_400_000;
const maxTenants = 10_000;

/**
 * One setting of each tenant, for the hot path: kept for 30 s, read anew beside the calls from half of that on, dropped when
 * somebody changes it, read once for all who wait. While the database is away the last value that was read holds, for a day.
 */
export class TenantSettings<T> {
  private readonly fresh: LocalCache<T>;
  private readonly lastGood: LocalCache<T>;

  constructor(
    private readonly options: TenantSettingsOptions<T>,
    private readonly context: Context,
  ) {
    const { name } = options;
    const { changes, metrics, clock } = context;
    const kept = { maxEntries: maxTenants, ...(clock && { clock }) };
    this.fresh = new LocalCache({
      ...kept,
      name: `settings:${name}`,
      ttlMs,
      renewAfterMs,
      ...(metrics && { metrics }),
    });
    this.lastGood = new LocalCache({ ...kept, name: `settings:${name}:last`, ttlMs: lastGoodMs });
    changes.on(name, (tenantId) => this.fresh.delete(tenantId));
  }

  /** Without a promise where it is known. @throws what `load` does, where no value was ever read. */
  of(tenantId: string): T | Promise<T> {
    return this.fresh.getOrLoadNow(tenantId, () => this.load(tenantId));
  }

  private async load(tenantId: string): Promise<T> {
    try {
      const value = await this.options.load(tenantId);
      this.lastGood.set(tenantId, value);
      return value;
    } catch (err) {
      const last = this.lastGood.get(tenantId);
      if (last === undefined) throw err;
      this.context.log.warn({ err, setting: this.options.name }, 'a setting could not be read; the last one holds');
      return last;
    }
  }
}
