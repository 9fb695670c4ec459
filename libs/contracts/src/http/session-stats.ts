import { z } from 'zod';
import { dollarAmount } from '../dollars.js';
import { interruption } from '../events/sessions.js';
import { tokenCounts } from '../tokens.js';

const count = z.int().min(0);

/** Answers of a session, or of one model in it: what they took, cost, and how long they were waited for. */
const answers = {
  answers: count.describe(
    'That turns of this session gave: whole ones, and those that broke off once something of them had come',
  ),
  tokens: tokenCounts,
  cost_usd: dollarAmount.nullable().describe('Of the answers whose cost is known; null where that is none'),
  unpriced_answers: count.describe('Of which the cost is not known'),
};

export const sessionStats = z
  .strictObject({
    messages: z.strictObject({
      total: count.describe('Of all branches, and those that a fork copied'),
      in_conversation: count,
      user: count,
      assistant: count,
      instructions: count.describe('System and developer'),
    }),
    turns: z.strictObject({
      total: count,
      open: count,
      completed: count,
      interrupted: z.partialRecord(interruption, count).describe('By reason'),
    }),
    ...answers,
    latency_ms: z
      .strictObject({ mean: count, p50: count, p95: count })
      .nullable()
      .describe('Of completed turns, from the question to the end of the answer; null where there are none'),
    tools: z
      .array(z.strictObject({ name: z.string(), calls: count }))
      .max(100)
      .describe('That answers asked for, the most called first'),
    models: z
      .array(z.strictObject({ model: z.string().nullable(), ...answers }))
      .max(100)
      .describe('As providers name them, those with the most answers first'),
    partial: z.boolean().describe('True where there are more than 100,000 messages or turns: so many of them count'),
  })
  .meta({ id: 'SessionStats' });
export type SessionStats = z.infer<typeof sessionStats>;
