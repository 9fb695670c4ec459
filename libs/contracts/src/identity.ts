import { z } from 'zod';

/** `iss` and `aud` of every internal token. */
export const tokenIssuer = 'parley-auth';
export const tokenAudience = 'parley';

/**
 * The claims of the one token format behind the edge: a JWT (RFC 7519) signed ES256, at most 4 KB.
 * Unknown claims are ignored, so that a newer auth service may add some.
 */
export const accessTokenClaims = z.object({
  iss: z.literal(tokenIssuer),
  aud: z.literal(tokenAudience),
  sub: z.uuid().describe('The user, or the API key’s owner'),
  tenant_id: z.uuid(),
  jti: z.uuid(),
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
  permissions: z.array(z.string()),
  /** Present when the token was exchanged for an API key. */
  key_id: z.uuid().optional(),
  /** The login that the token belongs to; present when it came from a password or a refresh. */
  login_id: z.uuid().optional(),
  limits: z.object({ requests_per_minute: z.int().min(1) }).optional(),
});
export type AccessTokenClaims = z.infer<typeof accessTokenClaims>;

/** Who is calling, as read from a verified token and from nothing else. */
export interface Identity {
  readonly tenantId: string;
  readonly subject: string;
  readonly permissions: ReadonlySet<string>;
  readonly tokenId: string;
  readonly expiresAt: Date;
  readonly keyId?: string;
  readonly loginId?: string;
  readonly requestsPerMinute?: number;
}
