import type { LiveConfig } from '@parley/discovery';
import { liveLimitsConfig, type LimitsConfig, type LiveLimits } from './config.js';
import type { TenantLimits } from './bounds.js';

/** For callers whose credential has no number of its own, where nothing else is said. */
const defaultUserRequests = 600;

type Told = Omit<LiveLimits, 'tenants'>;

/** What users and tenants may use: as configured, changed while running by the live configuration, there also for single tenants. */
export class LimitBook {
  private everybody: TenantLimits;
  private tenants: ReadonlyMap<string, TenantLimits> = new Map();

  constructor(private readonly configured: LimitsConfig) {
    this.everybody = limitsOf(configured, {});
  }

  of(tenantId: string): TenantLimits {
    return this.tenants.get(tenantId) ?? this.everybody;
  }

  follow(live: LiveConfig): void {
    live.watch(liveLimitsConfig, ({ tenants, ...all }) => {
      this.everybody = limitsOf(this.configured, all);
      const each = Object.entries(tenants);
      this.tenants = new Map(each.map(([id, own]) => [id, limitsOf(this.configured, { ...all, ...own })]));
    });
  }
}

/** What is live counts, null as no limit, else what is configured. */
function limitsOf(configured: LimitsConfig, live: Told): TenantLimits {
  const either = (now: number | null | undefined, else_: number | undefined) =>
    now === undefined ? else_ : (now ?? undefined);
  const requests = either(live.user_requests_per_minute, configured.USER_REQUESTS_PER_MINUTE);
  const fallback = live.user_requests_per_minute === null ? undefined : defaultUserRequests;
  return {
    user: {
      requests,
      tokens: either(live.user_tokens_per_minute, configured.USER_TOKENS_PER_MINUTE),
      streams: either(live.user_concurrent_streams, configured.USER_CONCURRENT_STREAMS),
    },
    tenant: {
      requests: either(live.tenant_requests_per_minute, configured.TENANT_REQUESTS_PER_MINUTE),
      tokens: either(live.tenant_tokens_per_minute, configured.TENANT_TOKENS_PER_MINUTE),
      streams: either(live.tenant_concurrent_streams, configured.TENANT_CONCURRENT_STREAMS),
    },
    fallbackRequests: requests ?? fallback,
  };
}
