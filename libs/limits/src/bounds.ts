import type { Identity } from '@parley/contracts';

/** Whose calls are counted together. */
export type Scope = 'key' | 'user' | 'tenant';
/** Of a minute, or at a time. */
export type Unit = 'requests' | 'tokens' | 'streams';

/** Each of them unlimited where it is undefined. */
export type Limits = Readonly<Record<Unit, number | undefined>>;

/** What holds for the callers of one tenant, besides what their keys say. */
export interface TenantLimits {
  readonly user: Limits;
  readonly tenant: Limits;
  /** Requests a minute of a user's calls whose credential has no number of its own. */
  readonly fallbackRequests: number | undefined;
}

/** One limit that a call counts against. */
export interface Bound {
  readonly scope: Scope;
  readonly unit: Unit;
  /** What is counted under, with its tenant as a hash tag: all keys of a call are in one slot of a Redis cluster. */
  readonly key: string;
  readonly limit: number;
}

const unlimited: Limits = { requests: undefined, tokens: undefined, streams: undefined };

const suffixes: Readonly<Record<Unit, string>> = { requests: '', tokens: ':tokens', streams: ':streams' };

/** What this caller's calls count against, in these units. */
export function boundsOf(caller: Identity, { user, tenant, fallbackRequests }: TenantLimits, units: readonly Unit[]) {
  const { tenantId, keyId, subject, requestsPerMinute } = caller;
  const own = { requests: requestsPerMinute, tokens: caller.tokensPerMinute, streams: caller.concurrentStreams };
  const bounds: Bound[] = [];
  const add = (scope: Scope, holder: string, limits: Limits) => {
    for (const unit of units) {
      const limit = limits[unit];
      if (limit !== undefined) bounds.push({ scope, unit, key: `{${tenantId}}${holder}${suffixes[unit]}`, limit });
    }
  };
  add('key', `:${keyId}`, keyId === undefined ? unlimited : own);
  add('user', `:${subject}`, requestsPerMinute === undefined ? { ...user, requests: fallbackRequests } : user);
  add('tenant', '', tenant);
  return bounds;
}
