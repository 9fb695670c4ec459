import { z } from 'zod';
import { dollarAmount } from '../dollars.js';
import { modelName, tokenCounts } from '../tokens.js';
import { defineEvent, maxListEntries } from './define.js';

export const usageRecord = z.object({
  /** Identity of the record; a consumer that has seen it ignores it. */
  id: z.uuid(),
  occurred_at: z.iso.datetime(),
  request_id: z.string(),
  subject: z.uuid(),
  api_key_id: z.uuid().nullable(),
  dialect: z.enum(['openai', 'anthropic']),
  provider: z.string(),
  /** The model as the caller named it, and as the provider served it. */
  model: modelName,
  provider_model: modelName,
  streamed: z.boolean(),
  /**
   * How the call ended: answered whole, given up by the caller, or failed, which is `interrupted` also where no part of an
   * answer came. A call that was refused before a provider was asked has no record.
   */
  outcome: z.enum(['completed', 'cancelled', 'interrupted']),
  tokens: tokenCounts,
  /** True where the provider gave no count and it was estimated. */
  estimated: z.boolean(),
  duration_ms: z.int(),
  /** Of `tokens.cache_write`, those written for an hour, where the provider tells them apart; they have a price of their own. */
  cache_write_1h: z.int().min(0).optional(),
  /** The provider’s tier of service where it was another than the standard one; it has prices of its own. */
  service_tier: z.string().optional(),
  /** What the tokens cost, exactly. Absent where no price was known, and in records from before costs were kept. */
  cost_usd: dollarAmount.optional(),
  /** The version of the price table that `cost_usd` was reckoned by; absent where nothing was used. */
  price_version: z.string().optional(),
  /** Calls made to providers until this end, at least 1. Absent in records from before it was counted. */
  attempts: z.int().min(1).optional(),
  /** The error code of a call that failed. */
  failure: z.string().optional(),
  /** What the call was made for. Absent in records from before sessions and experts were there. */
  session_id: z.uuid().optional(),
  project_id: z.uuid().optional(),
  expert_query_id: z.uuid().optional(),
});
export type UsageRecord = z.infer<typeof usageRecord>;

export const usageRecorded = defineEvent(
  'gateway.usage.recorded.v1',
  'Calls to models were made and accounted for; a batch of one tenant. A record whose id you have seen counts no more',
  z.object({ records: z.array(usageRecord).min(1).max(maxListEntries) }),
  { list: 'records', keptFor: ['analytics'] },
);
