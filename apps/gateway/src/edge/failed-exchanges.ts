import { Injectable } from '@nestjs/common';
import { LocalCache } from '@parley/cache';
import { networkOf, RateLimiter } from '@parley/limits';

/** Refused keys of one client network, by all gateways together; what is under way when the last is refused goes on. */
const perMinute = 60;
/** Keys that were good go on next to somebody who tries keys: so many, so long after they were last exchanged. */
const maxProven = 10_000;
const provenMs = 3_600_000;

/** Which key comes from where. */
export interface Presented {
  /** The SHA-256 of key and address. */
  readonly id: string;
  readonly address: string | undefined;
}

/** Keeps whoever tries keys out from making the auth service look up each of them. */
@Injectable()
export class FailedExchanges {
  private readonly proven = new LocalCache<true>({ name: 'proven-keys', maxEntries: maxProven, ttlMs: provenMs });

  constructor(private readonly limiter: RateLimiter) {}

  /** @throws AppError request.rate_limited for a key that was never good, while too many from its network were refused. */
  async demandRoom({ id, address }: Presented): Promise<void> {
    if (this.proven.get(id)) return;
    const look = { key: keyOf(address), limit: perMinute, cost: 0 };
    await this.limiter.demand(look, 'Too many refused keys from this address');
  }

  succeeded({ id }: Presented): void {
    this.proven.set(id, true);
  }

  async failed({ id, address }: Presented): Promise<void> {
    this.proven.delete(id);
    await this.limiter.charge([keyOf(address)], 1);
  }
}

const keyOf = (address = 'unknown'): string => `refused-keys:${networkOf(address)}`;
