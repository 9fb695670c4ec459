import { z } from 'zod';
import { subjectType } from '../identity.js';
import { grant } from '../permissions.js';
import { storedText } from '../storable.js';
import { modelName } from '../tokens.js';
import { pageOf } from './page.js';
import { roleName } from './roles.js';
import { defineRoute } from './route.js';

/** What a new key takes, where its request names no limit and its maker has none that is lower. */
export const defaultRequestsPerMinute = 100;

const limit = z.int().min(1).max(1_000_000);

/** One address, or a block of them (RFC 4632, RFC 4291): `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
export const addressBlock = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/**
 * Without `permissions` or `role` a key has its maker's, as far as its owner has them. A key that is made by a key can neither
 * outlive nor outrun it, and takes its expiry, limits, addresses and models where none are named.
 */
export const createApiKeyRequest = z
  .strictObject({
    name: storedText(100),
    role: roleName.optional().describe('In place of `permissions`; the key follows what becomes of the role'),
    permissions: z.array(grant).min(1).max(64).optional(),
    service_account_id: z.uuid().optional().describe('Whose key it is; the caller’s own where it is left out'),
    requests_per_minute: limit
      .optional()
      .describe('100 where it is left out, or less where the key that makes it has less'),
    tokens_per_minute: z.int().min(1).max(1_000_000_000).optional().describe('Of all models together'),
    concurrent_streams: z.int().min(1).max(10_000).optional(),
    models: z.array(modelName).min(1).max(32).optional().describe('The models that the key may ask; all without it'),
    allowed_addresses: z
      .array(addressBlock)
      .min(1)
      .max(32)
      .optional()
      .describe('Addresses and CIDR blocks that the key may be used from; any without it'),
    expires_at: z.iso.datetime().optional(),
  })
  .refine(({ role, permissions }) => role === undefined || permissions === undefined, {
    path: ['role'],
    message: 'is given in place of permissions',
  })
  .meta({ id: 'CreateApiKeyRequest' });
export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequest>;

export const apiKey = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('The first characters of the key, to tell keys apart'),
    owner: z.strictObject({ type: subjectType, id: z.uuid() }),
    role: z.string().nullable(),
    permissions: z.array(z.string()).describe('Its own; empty where it has a role'),
    requests_per_minute: z.int(),
    tokens_per_minute: z.int().nullable(),
    concurrent_streams: z.int().nullable(),
    models: z.array(z.string()).nullable(),
    allowed_addresses: z.array(z.string()).nullable(),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable().describe('Within a minute'),
    expires_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
    previous_key_expires_at: z.iso.datetime().nullable().describe('Until when the key before the last rotation works'),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKey>;

export const createdApiKey = apiKey
  .extend({ key: z.string().describe('The key itself; shown this once') })
  .meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

export const apiKeyPage = pageOf(apiKey).meta({ id: 'ApiKeyPage' });
export type ApiKeyPage = z.infer<typeof apiKeyPage>;

/** How long, in seconds, the old secret works beside the new one: 0–7 days, 1 day by default. */
export const overlapSeconds = z.int().min(0).max(604_800).default(86_400);

export const rotateApiKeyRequest = z
  .strictObject({ overlap_s: overlapSeconds })
  .prefault({})
  .meta({ id: 'RotateApiKeyRequest' });
export type RotateApiKeyRequest = z.infer<typeof rotateApiKeyRequest>;

/** `address` is the client's, where the edge knows it. */
export const exchangeRequest = z.strictObject({
  api_key: z.string().min(1).max(200),
  address: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type ExchangeRequest = z.infer<typeof exchangeRequest>;
/** `expires_in` in seconds. Loose like the key set. */
export const exchangeResponse = z.object({ access_token: z.string(), expires_in: z.int() });
export type ExchangeResponse = z.infer<typeof exchangeResponse>;

/**
 * How the edge turns an API key into a short-lived token. 401 `credential.invalid`, `.expired` or `.revoked`; 403
 * `credential.address_refused`.
 */
export const exchangeApiKey = defineRoute({
  service: 'auth',
  method: 'POST',
  path: '/internal/auth/exchange',
  request: exchangeRequest,
  response: exchangeResponse,
});
