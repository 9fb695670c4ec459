import { z } from 'zod';
import { tokenCounts } from '../tokens.js';

const day = z.iso.date();

/** Days are UTC and inclusive; without `from` the last 30 days, without `to` today. At most 366 days. */
export const usageQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  model: z.string().max(200).optional(),
  api_key_id: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(500).optional(),
});
export type UsageQuery = z.infer<typeof usageQuery>;

export const usageRow = z
  .strictObject({
    day,
    model: z.string(),
    api_key_id: z.uuid().nullable().describe('Null for calls made with an access token'),
    requests: z.int(),
    tokens: tokenCounts,
  })
  .meta({ id: 'UsageRow' });

/** `requests` and `tokens` sum the whole range and filter; `data` breaks them down by day, model and key, newest day first. */
export const usageReport = z
  .strictObject({
    from: day,
    to: day,
    requests: z.int(),
    tokens: tokenCounts,
    data: z.array(usageRow),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof usageReport>;
