import { Injectable } from '@nestjs/common';
import { Clock } from '@parley/service-kit';

/**
 * API keys revoked while tokens exchanged for them may still live. An entry goes when those tokens have expired by
 * themselves, so the set holds one token lifetime of revocations at most.
 */
@Injectable()
export class RevokedKeys {
  private readonly until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  add(keyId: string, tokensExpireAt: Date): void {
    const now = this.clock.now();
    for (const [id, until] of this.until) if (until <= now) this.until.delete(id);
    this.until.set(keyId, tokensExpireAt.getTime());
  }

  has(keyId: string): boolean {
    return this.until.has(keyId);
  }
}
