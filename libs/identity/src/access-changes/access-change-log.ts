import { Injectable } from '@nestjs/common';
import { maxAccessChangesPerTenant, type AccessChange } from '@parley/contracts';
import { Clock, Log, Metrics, type CounterChild, type Labelled } from '@parley/service-kit';
import { clockToleranceMs } from '../verified-token.js';
import { TenantChanges, type Floor, type Judgement, type TokenOrigin } from './tenant-changes.js';

const forgetEveryMs = 10_000;
/** What ACCESS_TOKEN_TTL_S may be at the most. */
const longestTokenMs = 3_600_000;

/** How news of a change got here: by the broker, by Redis, or it was made here. */
export type NewsBy = 'event' | 'redis' | 'commit';

/**
 * What became of tokens after they were issued. Changes are kept until the tokens that they concern have expired. A tenant
 * with more of them than can be kept starts afresh: all its tokens up to now are refused, so that nothing revoked lives on.
 * A change takes some 200 bytes and, once for all that say the same, its permissions.
 */
@Injectable()
export class AccessChangeLog {
  private readonly tenants = new Map<string, TenantChanges>();
  private readonly heard: Labelled<'by', CounterChild>;
  private latest = 0;
  private forgottenAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.heard = metrics.counter({
      name: 'access_changes_total',
      help: 'Changes of what tokens are worth, by how they were first heard of',
      labels: ['by'],
    });
    metrics.gauge({
      name: 'access_changes_kept',
      help: 'Changes that may concern tokens which are still out',
      collect: (gauge) => gauge.with({}).set(this.size),
    });
  }

  /** Rises with every change: what was judged at the same revision need not be judged again. */
  get revision(): number {
    return this.latest;
  }

  /** In any order, and any number of times. */
  apply(tenantId: string, changes: readonly AccessChange[], by: NewsBy): void {
    this.forget();
    const now = this.clock.now();
    const shared = new SharedSets();
    for (const change of changes) {
      if (Date.parse(change.until) <= now) continue;
      const tenant = this.tenantOf(tenantId);
      const permissions = change.kind === 'permissions_changed' ? shared.of(change.permissions) : undefined;
      if (!tenant.add(change, permissions, this.latest + 1)) continue;
      this.latest += 1;
      this.heard.with({ by }).inc();
    }
  }

  /** Of the tenant's changes up to this time some were lost, nobody knows which: all its tokens of then are refused. */
  missed(tenantId: string, upTo: number): void {
    const now = this.clock.now();
    const at = Math.min(upTo, now) + clockToleranceMs;
    const floor = { at, until: at + longestTokenMs, revision: this.latest + 1 };
    const tenant = this.tenants.get(tenantId) ?? new TenantChanges();
    if (floor.until <= now || !tenant.raiseFloor(floor)) return;
    this.tenants.set(tenantId, tenant);
    this.latest += 1;
    this.log.warn({ tenant_id: tenantId }, 'a tenant changed too much at once: all its tokens up to then are refused');
  }

  /** What the token may do now; undefined where it is refused. */
  judge(token: TokenOrigin): Judgement {
    const tenant = this.tenants.get(token.tenantId);
    return tenant ? tenant.judge(token) : token.permissions;
  }

  /** Whether anything was heard of one of these keys or subjects of the tenant after this revision. */
  changedSince(revision: number, tenantId: string, ids: readonly string[]): boolean {
    return revision < this.latest && (this.tenants.get(tenantId)?.changedSince(revision, ids) ?? false);
  }

  private get size(): number {
    this.forget();
    return Array.from(this.tenants.values(), ({ size }) => size).reduce((sum, size) => sum + size, 0);
  }

  private tenantOf(tenantId: string): TenantChanges {
    const known = this.tenants.get(tenantId);
    if (known && known.size < maxAccessChangesPerTenant) return known;
    const fresh = new TenantChanges(known && this.floorFor(tenantId, known));
    this.tenants.set(tenantId, fresh);
    return fresh;
  }

  private floorFor(tenantId: string, { until }: TenantChanges): Floor {
    this.latest += 1;
    this.log.warn({ tenant_id: tenantId }, 'a tenant changed too much at once: all its tokens up to now are refused');
    return { at: this.clock.now(), until, revision: this.latest };
  }

  private forget(): void {
    const now = this.clock.now();
    if (now - this.forgottenAt < forgetEveryMs) return;
    this.forgottenAt = now;
    for (const [id, tenant] of this.tenants) if (!tenant.forget(now)) this.tenants.delete(id);
  }
}

/** A role that changes gives many the same permissions: they share one set. */
class SharedSets {
  private readonly byNames = new Map<string, ReadonlySet<string>>();

  of(names: readonly string[]): ReadonlySet<string> {
    const key = names.join(' ');
    const known = this.byNames.get(key) ?? new Set(names);
    this.byNames.set(key, known);
    return known;
  }
}
