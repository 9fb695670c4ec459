import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { Metrics } from '@parley/service-kit';
import { z } from 'zod';

/** How many may read along, and for how long. */
export const liveConfig = {
  /** In one instance; 1 to 100,000. */
  LIVE_MAX_READERS: z.coerce.number().int().min(1).max(100_000).default(10_000),
  /** Of one tenant in one instance; 1 to 100,000. */
  LIVE_MAX_READERS_PER_TENANT: z.coerce.number().int().min(1).max(100_000).default(2_000),
  /** A stream ends after so long and is to be resumed, as permissions may have been taken away; 1 s to a day, default 15 min. */
  LIVE_MAX_MS: z.coerce.number().int().min(1_000).max(86_400_000).default(900_000),
};

/** See `liveConfig`. */
export class LiveBounds {
  readonly readers: number;
  readonly perTenant: number;
  readonly ms: number;

  constructor(config: Readonly<Record<keyof typeof liveConfig, number>>) {
    this.readers = config.LIVE_MAX_READERS;
    this.perTenant = config.LIVE_MAX_READERS_PER_TENANT;
    this.ms = config.LIVE_MAX_MS;
  }
}

/** Who reads along in this instance. They are no streams of a model: the limits of those leave them alone. */
@Injectable()
export class Seats {
  private taken = 0;
  private readonly byTenant = new Map<string, number>();

  constructor(
    private readonly bounds: LiveBounds,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'live_stream_readers',
      help: 'Readers of sessions’ live streams',
      collect: (gauge) => gauge.with({}).set(this.taken),
    });
  }

  /** What gives the seat back. @throws AppError service.overloaded, request.rate_limited where the tenant has its share. */
  take(tenantId: string): () => void {
    const { readers, perTenant } = this.bounds;
    if (this.taken >= readers) throw new AppError('service.overloaded', { retryAfterMs: 1_000 });
    const own = this.byTenant.get(tenantId) ?? 0;
    if (own >= perTenant)
      throw new AppError('request.rate_limited', { detail: tooMany(perTenant), retryAfterMs: 1_000 });
    this.add(tenantId, 1);
    return () => this.add(tenantId, -1);
  }

  private add(tenantId: string, change: 1 | -1): void {
    this.taken += change;
    const own = (this.byTenant.get(tenantId) ?? 0) + change;
    if (own > 0) this.byTenant.set(tenantId, own);
    else this.byTenant.delete(tenantId);
  }
}

const tooMany = (limit: number): string => `At most ${limit} readers of one tenant follow sessions in one instance`;
