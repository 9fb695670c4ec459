import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { bulkhead, type Bulkhead, isRejected } from '@parley/resilience';
import { Clock } from '@parley/service-kit';

/** Searches have so much of the instance's connections, and one tenant so much of that; the rest is for everything else. */
const share = 1 / 2;
const maxQueuedOfTenant = 16;
const maxQueued = 32;
const queueTimeoutMs = 5_000;

/**
 * Searches take turns, as each may take long: in one instance all tenants have few at a time, and one has half of those. They
 * wait first come first served, and a tenant waits with its own few only, so that nobody's many come before another's first.
 */
@Injectable()
export class SearchTurns {
  private readonly all: Bulkhead;
  private readonly maxOfTenant: number;
  private readonly ofTenants = new Map<string, Bulkhead>();

  constructor(
    database: Database,
    private readonly clock: Clock,
  ) {
    const maxConcurrent = Math.ceil(database.connections * share);
    this.maxOfTenant = Math.ceil(maxConcurrent * share);
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
      ...{ name: 'searches of a tenant', maxConcurrent: this.maxOfTenant, maxQueued: maxQueuedOfTenant },
      ...{ queueTimeoutMs, clock },
    });
    this.ofTenants.set(tenantId, own);
    return own;
  }
}

const tooMany = (cause: Error): AppError =>
  new AppError('request.rate_limited', {
    detail: `At most ${maxQueuedOfTenant} searches of a tenant wait in one instance`,
    retryAfterMs: 1_000,
    cause,
  });
