import { z } from 'zod';
import { dollarAmount } from '../dollars.js';
import { modelName, tokenCounts } from '../tokens.js';

const day = z.iso.date();
const count = z.int();

/** Of every report: days are UTC and inclusive; without `from` the last 30 days, without `to` today. At most 366 days. */
const reportQuery = {
  from: day.optional(),
  to: day.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(500).optional(),
};

const page = { next_cursor: z.string().nullable() };

/** What usage can be broken down by. */
export const usageDimensions = ['day', 'model', 'api_key_id', 'session_id', 'project_id', 'expert_query_id'] as const;
export type UsageDimension = (typeof usageDimensions)[number];

const groupBy = z
  .string()
  .default('day,model,api_key_id')
  .transform((text) => text.split(','))
  .pipe(
    z
      .array(z.enum(usageDimensions))
      .refine((names) => new Set(names).size === names.length, 'must name each of its parts once'),
  )
  .describe(`What \`data\` is broken down by, in this order: one or more of ${usageDimensions.join(', ')}`);

export const usageQuery = z.strictObject({
  ...reportQuery,
  model: modelName.optional(),
  api_key_id: z.uuid().optional(),
  session_id: z.uuid().optional(),
  project_id: z.uuid().optional(),
  expert_query_id: z.uuid().optional(),
  group_by: groupBy,
});
export type UsageQuery = z.infer<typeof usageQuery>;

const usageSums = {
  requests: count.describe('Calls, and what providers did for calls in vain where that has cost something'),
  tokens: tokenCounts,
  cost_usd: dollarAmount.describe('Exact sum of the costs that are known, each by the price of its moment'),
  unpriced_requests: count.describe('Those whose model had no price: their cost is in no sum'),
};

export const usageRow = z
  .strictObject({
    day: day.nullable().describe('Null where the report is not grouped by it'),
    model: z.string().nullable().describe('Null where the report is not grouped by it'),
    api_key_id: z
      .uuid()
      .nullable()
      .describe('Null for calls made with an access token, and where the report is not grouped by it'),
    session_id: z
      .uuid()
      .nullish()
      .describe('Only where the report is grouped by it; null for calls outside of sessions'),
    project_id: z
      .uuid()
      .nullish()
      .describe('Only where the report is grouped by it; null for calls outside of projects'),
    expert_query_id: z
      .uuid()
      .nullish()
      .describe('Only where the report is grouped by it; null for calls that no expert made'),
    ...usageSums,
  })
  .meta({ id: 'UsageRow' });

/** The sums are of the whole range and filter; `data` breaks them down by `group_by`, newest day first. */
export const usageReport = z
  .strictObject({ from: day, to: day, ...usageSums, data: z.array(usageRow), ...page })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof usageReport>;

export const toolUsageQuery = z.strictObject({
  ...reportQuery,
  tool_id: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional(),
  api_key_id: z.uuid().optional(),
});
export type ToolUsageQuery = z.infer<typeof toolUsageQuery>;

const toolCounts = {
  calls: count,
  errors: count.describe('Calls without an answer, and calls that the tool answered with an error'),
  duration: z.strictObject({
    mean_ms: z.number().nullable().describe('Null where there was no call'),
    max_ms: count.nullable(),
    histogram: z
      .array(
        z.strictObject({
          up_to_ms: count.nullable().describe('Upper bound, included; null for all that took longer'),
          calls: count,
        }),
      )
      .describe('Calls by duration: each is in the first class that holds it; classes without a call are left out'),
  }),
};

export const toolUsageRow = z
  .strictObject({
    day,
    tool_id: z.string(),
    api_key_id: z.uuid().nullable().describe('Null for calls made with an access token'),
    ...toolCounts,
  })
  .meta({ id: 'ToolUsageRow' });

/** Calls of tools in sum, and in `data` by day, tool and key, newest day first. */
export const toolUsageReport = z
  .strictObject({ from: day, to: day, ...toolCounts, data: z.array(toolUsageRow), ...page })
  .meta({ id: 'ToolUsageReport' });
export type ToolUsageReport = z.infer<typeof toolUsageReport>;

export const sessionUsageQuery = z.strictObject({ ...reportQuery, project_id: z.uuid().optional() });
export type SessionUsageQuery = z.infer<typeof sessionUsageQuery>;

const sessionCounts = {
  sessions_created: count,
  sessions_deleted: count,
  turns_completed: count,
  turns_interrupted: count,
  tokens: tokenCounts,
};

export const sessionUsageRow = z
  .strictObject({ day, project_id: z.uuid().nullable().describe('Null outside of projects'), ...sessionCounts })
  .meta({ id: 'SessionUsageRow' });

/** Sessions and turns in sum, and in `data` by day and project, newest day first; `tokens` are those of completed turns. */
export const sessionUsageReport = z
  .strictObject({ from: day, to: day, ...sessionCounts, data: z.array(sessionUsageRow), ...page })
  .meta({ id: 'SessionUsageReport' });
export type SessionUsageReport = z.infer<typeof sessionUsageReport>;
