import type { AccessTokenClaims, ActorClaim, Identity } from '@parley/contracts';
import type { TokenOrigin } from './access-changes/tenant-changes.js';

/** Clocks of two machines may differ by this much, either way. */
export const clockToleranceMs = 5_000;

/** A token whose signature and claims were good when it was first seen. */
export interface VerifiedToken {
  /** As its claims say. */
  readonly identity: Identity;
  readonly origin: TokenOrigin;
  readonly signedWith: string;
  readonly expiresAt: number;
  /** What the changes up to this revision have left of it; without an identity it is refused. */
  standing: { readonly revision: number; readonly identity: Identity | undefined };
}

export function toVerified(claims: AccessTokenClaims, signedWith: string): VerifiedToken {
  const identity = toIdentity(claims);
  const origin = toOrigin(claims, identity);
  const expiresAt = claims.exp * 1_000 + clockToleranceMs;
  return { identity, origin, signedWith, expiresAt, standing: { revision: 0, identity } };
}

export const withPermissions = (identity: Identity, permissions: ReadonlySet<string>): Identity =>
  permissions === identity.permissions ? identity : { ...identity, permissions };

const actorsOf = (actor: ActorClaim | undefined): readonly string[] =>
  actor ? [actor.sub, ...actorsOf(actor.act)] : [];

const toOrigin = (claims: AccessTokenClaims, identity: Identity): TokenOrigin => ({
  tenantId: identity.tenantId,
  issuedAt: claims.iat * 1_000,
  subject: identity.subject,
  actors: identity.actors,
  keyId: claims.key_id,
  revocable: [claims.jti, ...(claims.ancestors ?? []), claims.key_id, claims.login_id].filter((id) => id !== undefined),
  permissions: identity.permissions,
  inherits: claims.inherits ?? false,
});

const toIdentity = (claims: AccessTokenClaims): Identity => ({
  tenantId: claims.tenant_id,
  subject: claims.sub,
  subjectType: claims.sub_type,
  actors: actorsOf(claims.act),
  permissions: new Set(claims.permissions),
  tokenId: claims.jti,
  expiresAt: new Date(claims.exp * 1_000),
  ...(claims.key_id && { keyId: claims.key_id }),
  ...(claims.login_id && { loginId: claims.login_id }),
  ...(claims.limits?.requests_per_minute && { requestsPerMinute: claims.limits.requests_per_minute }),
  ...(claims.limits?.tokens_per_minute && { tokensPerMinute: claims.limits.tokens_per_minute }),
  ...(claims.limits?.concurrent_streams && { concurrentStreams: claims.limits.concurrent_streams }),
  ...(claims.models && { models: new Set(claims.models) }),
});
