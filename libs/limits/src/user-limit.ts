import type { LiveConfig } from '@parley/discovery';
import { z } from 'zod';

const liveLimits = z.object({ user_requests_per_minute: z.int().min(1).max(1_000_000).optional() });

/** Requests a minute of a caller without an API key; the live configuration may change it while running. */
export class UserLimit {
  private live: number | undefined;

  constructor(private readonly configured: number) {}

  get requestsPerMinute(): number {
    return this.live ?? this.configured;
  }

  follow(live: LiveConfig): void {
    live.watch(liveLimits, ({ user_requests_per_minute }) => {
      this.live = user_requests_per_minute;
    });
  }
}
