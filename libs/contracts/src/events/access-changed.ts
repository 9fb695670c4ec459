import { z } from 'zod';
import { defineEvent, maxListEntries } from './define.js';

/** No token that is older than the change lives beyond `until`. */
const change = { id: z.uuid(), until: z.iso.datetime() };

/**
 * What tokens that are already out are worth from now on. `id` is of the key, the login, the token or the subject; a
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
 * The same changes in Redis, for processes that the broker does not reach: a sorted set of JSON texts `{ tenant_id, change }`.
 * A score is the milliseconds of Redis' clock when the entry was added, or one above the last score where that is more: each
 * is above all before it.
 */
export const accessChangesKey = 'parley:auth:access-changes';
export const storedAccessChange = z.object({ tenant_id: z.uuid(), change: accessChange });
export type StoredAccessChange = z.infer<typeof storedAccessChange>;
