import { z } from 'zod';
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
  /** How the answer ended: whole, given up by the caller, or broken off by the provider. A call without any answer has no record. */
  outcome: z.enum(['completed', 'cancelled', 'interrupted']),
  tokens: tokenCounts,
  /** True where the provider gave no count and it was estimated. */
  estimated: z.boolean(),
  duration_ms: z.int(),
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
