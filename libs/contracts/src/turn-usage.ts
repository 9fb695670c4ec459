import { z } from 'zod';
import { vendorName } from './conversation/vendor.js';
import { tokenCounts } from './tokens.js';
import type { UsageRecord } from './events/usage-recorded.js';

/** What the answer of a turn has used so far, and of whom, as its gateway counts it. */
export const turnUsage = z.object({
  provider: z.string(),
  /** The provider’s names: of the model that it was asked for, and of the one that answers. */
  asked: z.string(),
  provider_model: z.string(),
  attempts: z.int().min(1),
  tokens: tokenCounts,
  /** Of `tokens.cache_write`, those written for an hour, where the provider tells them apart. */
  cache_write_1h: z.int().min(0).optional(),
  service_tier: z.string().optional(),
});
export type TurnUsage = z.infer<typeof turnUsage>;

/** What is known of a turn whose gateway was lost: its record of usage is made of it. */
export const lostUsage = z.object({
  request_id: z.string(),
  subject: z.uuid(),
  api_key_id: z.uuid().nullable(),
  dialect: vendorName,
  streamed: z.boolean(),
  /** Estimated when the turn was opened: what the model was given to read. */
  input_tokens: z.int().min(0),
  /** As the gateway told last; absent where it was lost before it told anything. */
  counted: turnUsage.optional(),
});
export type LostUsage = z.infer<typeof lostUsage>;

/**
 * The record of a turn’s answer has this id, whoever writes it, so that there is one: the turn’s own id, a UUIDv7, with
 * the version of those that are made by a rule of one’s own (RFC 9562, 5.8). It keeps its place in time.
 */
export const turnRecordId = (turnId: string): UsageRecord['id'] => `${turnId.slice(0, 14)}8${turnId.slice(15)}`;
