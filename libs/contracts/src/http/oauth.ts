import { z } from 'zod';
import { maxTokenBytes, tokenAudience } from '../identity.js';

const text = z.string().min(1).max(maxTokenBytes);
/** Permissions, separated by blanks (RFC 6749 §3.3). */
const scope = z.string().max(4_096).optional();
/** The client, where it is not in the Authorization header (RFC 6749 §2.3.1). */
const client = { client_id: z.string().max(64).optional(), client_secret: z.string().max(200).optional() };

/** The one kind of token that is taken and given (RFC 8693 §3). */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** A form (RFC 6749 §4.4.2 and §6, RFC 8693 §2.1), of which what is not known is ignored (RFC 6749 §3.2). */
export const tokenRequest = z
  .discriminatedUnion('grant_type', [
    z.object({ grant_type: z.literal('client_credentials'), ...client, scope }),
    z.object({ grant_type: z.literal('refresh_token'), ...client, refresh_token: text, scope }),
    z.object({
      grant_type: z.literal(exchangeGrant),
      ...client,
      subject_token: text,
      subject_token_type: z.literal(accessTokenType),
      actor_token: text.optional(),
      actor_token_type: z.literal(accessTokenType).optional(),
      requested_token_type: z.literal(accessTokenType).optional(),
      audience: z.literal(tokenAudience).optional(),
      scope,
    }),
  ])
  .meta({ id: 'TokenRequest' });
export type TokenRequest = z.infer<typeof tokenRequest>;
export type ExchangeGrantRequest = Extract<TokenRequest, { grant_type: typeof exchangeGrant }>;
export const grantTypes: readonly string[] = ['client_credentials', 'refresh_token', exchangeGrant];

/** RFC 6749 §5.1, RFC 8693 §2.2.1; `expires_in` in seconds. */
export const oauthTokenResponse = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    scope: z.string(),
    refresh_token: z.string().optional(),
    issued_token_type: z.literal(accessTokenType).optional(),
  })
  .meta({ id: 'OAuthTokenResponse' });
export type OAuthTokenResponse = z.infer<typeof oauthTokenResponse>;

/** RFC 6749 §5.2, RFC 6750 §3.1 for the token that introspection is asked with, and two of §4.1.2.1 for what fails here. */
export const oauthError = z
  .strictObject({
    error: z.enum([
      'invalid_request',
      'invalid_client',
      'invalid_grant',
      'invalid_scope',
      'unsupported_grant_type',
      'invalid_token',
      'insufficient_scope',
      'temporarily_unavailable',
      'server_error',
    ]),
    error_description: z.string(),
  })
  .meta({ id: 'OAuthError' });
export type OAuthError = z.infer<typeof oauthError>;

const tokenQuestion = z.object({ token: text, token_type_hint: z.string().max(100).optional() });

/** A form; the hint is taken and not needed (RFC 7662 §2.1). */
export const introspectionRequest = tokenQuestion.meta({ id: 'IntrospectionRequest' });
export type IntrospectionRequest = z.infer<typeof introspectionRequest>;

/** A form, as above (RFC 7009 §2.1). */
export const revocationRequest = tokenQuestion.extend(client).meta({ id: 'RevocationRequest' });
export type RevocationRequest = z.infer<typeof revocationRequest>;

/** RFC 7662 §2.2. Of a token that is not good, or not the tenant's, nothing but that is said. */
export const introspection = z
  .strictObject({
    active: z.boolean(),
    scope: z.string().optional(),
    client_id: z.string().optional(),
    sub: z.string().optional(),
    tenant_id: z.string().optional(),
    token_type: z.literal('Bearer').optional(),
    iss: z.string().optional(),
    aud: z.string().optional(),
    exp: z.int().optional(),
    iat: z.int().optional(),
    nbf: z.int().optional(),
    jti: z.string().optional(),
    act: z.unknown().optional(),
  })
  .meta({ id: 'Introspection' });
export type Introspection = z.infer<typeof introspection>;
