import { z } from 'zod';
import { grant } from '../permissions.js';
import { storedText } from '../storable.js';
import { pageOf } from './page.js';
import { defineRoute } from './route.js';

export const loginRequest = z
  .strictObject({ email: z.email().max(254), password: z.string().min(1).max(1024) })
  .meta({ id: 'LoginRequest' });
export type LoginRequest = z.infer<typeof loginRequest>;

export const refreshRequest = z
  .strictObject({ refresh_token: z.string().min(1).max(512) })
  .meta({ id: 'RefreshRequest' });

/** The login that ends is the access token's; a refresh token, where one is given, must belong to it. */
export const logoutRequest = refreshRequest.partial().meta({ id: 'LogoutRequest' }).optional();
export type LogoutRequest = NonNullable<z.infer<typeof logoutRequest>>;

/** RFC 6749 §5.1; `expires_in` in seconds. */
export const tokenResponse = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    refresh_token: z.string(),
  })
  .meta({ id: 'TokenResponse' });
export type TokenResponse = z.infer<typeof tokenResponse>;

export const me = z
  .strictObject({
    id: z.uuid(),
    tenant_id: z.uuid(),
    email: z.email().nullable().describe('Null for a service account'),
    tenant_name: z.string(),
    role: z.string(),
    permissions: z.array(z.string()),
    api_key_id: z.uuid().nullable().describe('The key that the call was made with, if it was'),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

/** What a new key takes, where its request names no limit and its maker has none that is lower. */
export const defaultRequestsPerMinute = 100;

/**
 * Without `permissions` a key has its maker's. A key that is made by a key can neither outlive nor outrun it, and takes
 * its expiry and its limit where it would.
 */
export const createApiKeyRequest = z
  .strictObject({
    name: storedText(100),
    permissions: z.array(grant).min(1).max(64).optional(),
    requests_per_minute: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('100 where it is left out, or less where the key that makes it has less'),
    expires_at: z.iso.datetime().optional(),
  })
  .meta({ id: 'CreateApiKeyRequest' });
export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequest>;

export const apiKey = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('The first characters of the key, to tell keys apart'),
    permissions: z.array(z.string()),
    requests_per_minute: z.int(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKey>;

export const createdApiKey = apiKey
  .extend({ key: z.string().describe('The key itself; shown this once') })
  .meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

export const apiKeyPage = pageOf(apiKey).meta({ id: 'ApiKeyPage' });
export type ApiKeyPage = z.infer<typeof apiKeyPage>;

/** RFC 7517. Loose where a service reads it, so that a newer auth service may add members. */
export const jwks = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        alg: z.literal('ES256'),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({ id: 'Jwks' });
export type Jwks = z.infer<typeof jwks>;

export const exchangeRequest = z.strictObject({ api_key: z.string().min(1).max(200) });
/** `expires_in` in seconds. Loose like the key set. */
export const exchangeResponse = z.object({ access_token: z.string(), expires_in: z.int() });
export type ExchangeResponse = z.infer<typeof exchangeResponse>;

/** How the edge turns an API key into a short-lived token. 401 `credential.invalid`, `.expired` or `.revoked`. */
export const exchangeApiKey = defineRoute({
  service: 'auth',
  method: 'POST',
  path: '/internal/auth/exchange',
  request: exchangeRequest,
  response: exchangeResponse,
});

export const fetchJwks = defineRoute({
  service: 'auth',
  method: 'GET',
  path: '/.well-known/jwks.json',
  response: jwks,
});
