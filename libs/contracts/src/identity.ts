import { z } from 'zod';

/** `iss` and `aud` of every internal token. */
export const tokenIssuer = 'parley-auth';
export const tokenAudience = 'parley';
/** What every service takes of a token at most, and proxies carry without being told. */
export const maxTokenBytes = 4_096;

export const subjectType = z.enum(['user', 'service_account']);
export type SubjectType = z.infer<typeof subjectType>;

/** Who uses a token in the subject's place, nearest first (RFC 8693 §4.1). */
export interface ActorClaim {
  readonly sub: string;
  readonly act?: ActorClaim | undefined;
}
const actorClaim: z.ZodType<ActorClaim> = z.object({
  sub: z.uuid(),
  get act() {
    return actorClaim.optional();
  },
});

/** Hands that a delegated token may have gone through. */
export const maxActors = 4;
/** A secret, and with each actor the token that it was handed and the secret that it showed. */
export const maxAncestors = 2 * maxActors + 1;

/**
 * The claims of the one token format behind the edge: a JWT (RFC 7519) signed ES256, at most 4 KB.
 * Unknown claims are ignored, so that a newer auth service may add some.
 */
export const accessTokenClaims = z.object({
  iss: z.literal(tokenIssuer),
  aud: z.literal(tokenAudience),
  sub: z.uuid().describe('The user or service account, also where an API key of theirs was used'),
  sub_type: subjectType.default('user'),
  tenant_id: z.uuid(),
  jti: z.uuid(),
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
  permissions: z.array(z.string()),
  /** The token has all that its subject may do, so a change of that replaces its permissions; without it, it narrows them. */
  inherits: z.literal(true).optional(),
  act: actorClaim.optional(),
  /** What it came of, by id: tokens that it was exchanged from, secrets that were shown for it. It ends with each of them. */
  ancestors: z.array(z.uuid()).max(maxAncestors).optional(),
  /** Present when the token was exchanged for an API key. */
  key_id: z.uuid().optional(),
  /** The login that the token belongs to; present when it came from a password or a refresh. */
  login_id: z.uuid().optional(),
  limits: z
    .object({
      requests_per_minute: z.int().min(1).optional(),
      tokens_per_minute: z.int().min(1).optional(),
      concurrent_streams: z.int().min(1).optional(),
    })
    .optional(),
  /** The models that may be asked, where not all may. */
  models: z.array(z.string()).min(1).optional(),
});
export type AccessTokenClaims = z.infer<typeof accessTokenClaims>;
/** As a token is written: what has a default may be left out. */
export type NewAccessTokenClaims = z.input<typeof accessTokenClaims>;

/** Who is calling, as read from a verified token and from nothing else. */
export interface Identity {
  readonly tenantId: string;
  readonly subject: string;
  readonly subjectType: SubjectType;
  /** Those who act for the subject, nearest first; empty where it acts itself. */
  readonly actors: readonly string[];
  readonly permissions: ReadonlySet<string>;
  readonly tokenId: string;
  readonly expiresAt: Date;
  readonly keyId?: string;
  readonly loginId?: string;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrentStreams?: number;
  readonly models?: ReadonlySet<string>;
}
