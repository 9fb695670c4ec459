import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { bulkhead, type Bulkhead, isRejected } from '@parley/resilience';
import { Clock } from '@parley/service-kit';

/** Of the instance's connections, searches have one in so many; the rest is for everything else. */
const share = 3;
const maxQueuedOfTenant = 16;
/** Each is of another tenant. */
const maxQueued = 32;
const queueTimeoutMs = 5_000;

/**
 * Searches take turns, as each may take long: in one instance a tenant has one at a time, and all tenants have few. Those
 * wait first come first served, and a tenant waits with one only, so that nobody's many come before another's first.
 */
@Injectable()
export class SearchTurns {
  private readonly all: Bulkhead;
  private readonly ofTenants = new Map<string, Bulkhead>();

  constructor(
    database: Database,
    private readonly clock: Clock,
  ) {
    const maxConcurrent = Math.max(1, Math.floor(database.connections / share));
    this.all = bulkhead({ name: 'searches', maxConcurrent, maxQueued, queueTimeoutMs, clock });
  }

  /** @throws AppError request.rate_limited where too many of the tenant wait; RejectedError where too many tenants do. */
  async run<T>(tenantId: string, search: () => Promise<T>): Promise<T> {
    const own = this.ofTenant(tenantId);
    try {
      return await own.execute(() => this.all.execute(search));
    } catch (error) {
      throw isRejected(error) && error.policy === own.name ? tooMany(error) : error;
    } finally {
      if (own.active === 0) this.ofTenants.delete(tenantId);
    }
  }

  private ofTenant(tenantId: string): Bulkhead {
    const known = this.ofTenants.get(tenantId);
    if (known) return known;
    const { clock } = this;
    const own = bulkhead({
      ...{ name: 'searches of a tenant', maxConcurrent: 1, maxQueued: maxQueuedOfTenant },
      ...{ queueTimeoutMs, clock },
    });
    this.ofTenants.set(tenantId, own);
    return own;
  }
}

const tooMany = (cause: Error): AppError =>
  new AppError('request.rate_limited', {
    detail: `One search of a tenant runs at a time in one instance, and at most ${maxQueuedOfTenant} wait for it`,
    retryAfterMs: 1_000,
    cause,
  });
