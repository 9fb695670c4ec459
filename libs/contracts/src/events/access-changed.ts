import { z } from 'zod';
import { defineEvent, maxListEntries } from './define.js';

/** No token that is older than the change lives beyond `until`. */
const change = { id: z.uuid(), until: z.iso.datetime() };

/**
 * What tokens that are already out are worth from now on. `id` is of the key, the login, the token (or the secret that
 * tokens name among their ancestors) or the subject; a
 * subject's tokens are concerned where they were issued up to `at`.
 */
export const accessChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('api_key_revoked'), ...change }),
  z.object({ kind: z.literal('login_ended'), ...change }),
  z.object({ kind: z.literal('token_revoked'), ...change }),
  z.object({ kind: z.literal('subject_removed'), ...change, at: z.iso.datetime() }),
  z.object({
    kind: z.literal('permissions_changed'),
    ...change,
    at: z.iso.datetime(),
    permissions: z.array(z.string()),
  }),
]);
export type AccessChange = z.infer<typeof accessChange>;

export const accessChanged = defineEvent(
  'auth.access.changed.v1',
  'Tokens that are already out are refused, or may do more or less than they say',
  z.object({ changes: z.array(accessChange).min(1).max(maxListEntries) }),
  { list: 'changes' },
);

/**
 * The same changes in Redis, for processes that the broker does not reach: of each tenant a sorted set of `AccessChange`s as
 * JSON, and one sorted set of the tenants, by the last score in theirs. A score is the microseconds of Redis' clock when the
 * entry was added, or one above the last of all tenants where that is more: each is above all before it. So a reader
 * that has read up to a score asks which tenants are above it, and then each of these for its changes above it.
 */
export const changedTenantsKey = 'parley:auth:access-changes:tenants';
export const accessChangesKey = (tenantId: string): string => `parley:auth:access-changes:${tenantId}`;
/** The entry whose score is that of the last change which the tenant's set has lost: whoever has not read so far missed some. */
export const lostAccessChanges = 'lost';
/** Of more live changes than these in Redis the oldest are lost; a process that knows of more refuses all older tokens. */
export const maxAccessChangesPerTenant = 10_000;
