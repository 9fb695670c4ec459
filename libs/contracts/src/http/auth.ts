import { z } from 'zod';
import { subjectType } from '../identity.js';
import { pageOf } from './page.js';
import { defineRoute } from './route.js';

export const loginRequest = z
  .strictObject({
    email: z.email().max(254),
    password: z.string().min(1).max(1_024),
    tenant_id: z.uuid().optional().describe('Of several tenants of the user; the one joined first without it'),
  })
  .meta({ id: 'LoginRequest' });
export type LoginRequest = z.infer<typeof loginRequest>;

export const refreshRequest = z
  .strictObject({ refresh_token: z.string().min(1).max(4_096) })
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
    subject_type: subjectType,
    actors: z.array(z.uuid()).describe('Who acts in the place of `id`, nearest first'),
    api_key_id: z.uuid().nullable().describe('The key that the call was made with, if it was'),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

/** All logins of the caller end, the one that the call was made with too unless it is kept. */
export const endLoginsQuery = z.strictObject({ keep_current: z.enum(['true', 'false']).default('false') });
export type EndLoginsQuery = z.infer<typeof endLoginsQuery>;

/** One login of the caller: a password given once, and kept alive by refreshes. */
export const login = z
  .strictObject({
    id: z.uuid(),
    current: z.boolean().describe('The one that the call was made with'),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().describe('Its newest refresh'),
    expires_at: z.iso.datetime(),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
  })
  .meta({ id: 'Login' });
export type LoginListed = z.infer<typeof login>;
export const loginPage = pageOf(login).meta({ id: 'LoginPage' });
export type LoginPage = z.infer<typeof loginPage>;

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

export const fetchJwks = defineRoute({
  service: 'auth',
  method: 'GET',
  path: '/.well-known/jwks.json',
  response: jwks,
});
