import { z } from 'zod';
import { dollarAmount } from '../dollars.js';
import type { Message } from '../conversation/blocks.js';
import { modelName, tokenCounts } from '../tokens.js';

/** A token is taken for four characters; only the provider knows better, and who knows better sets another number. */
const max_tokens = z
  .int()
  .min(1)
  .max(1_000_000_000)
  .optional()
  .describe('Estimated; without it what the model’s window leaves beside the answer that was asked for');

/** What becomes of a conversation that does not fit into its model's window any more. */
export const contextPolicy = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('refuse'), max_tokens }),
    z.strictObject({ kind: z.literal('drop_oldest'), max_tokens }).describe('Whole exchanges, instructions never'),
    z
      .strictObject({ kind: z.literal('summarise'), max_tokens, model: modelName.describe('Writes the summary') })
      .describe('The oldest exchanges give way to a summary, which is a call of its own'),
  ])
  .meta({ id: 'ContextPolicy' });
export type ContextPolicy = z.infer<typeof contextPolicy>;

const cut = {
  /** How many, instructions aside. */
  messages: z.int().min(1),
  /** The first that was given as it is; null where nothing but instructions was. */
  from_message_id: z.uuid().nullable(),
};

/** What an answer's model was not given of its conversation; a part of events, so it may grow. */
export const contextCut = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dropped'), ...cut }),
  z.object({ kind: z.literal('summarised'), ...cut, model: z.string() }),
]);
export type ContextCut = z.infer<typeof contextCut>;

/** Stands for every message of the conversation up to `until_message_id`, instructions aside. */
export const conversationSummary = z
  .strictObject({
    text: z.string(),
    messages: z.int().min(1).describe('How many it stands for'),
    until_message_id: z.uuid(),
    model: z.string().describe('Wrote it'),
    tokens: tokenCounts,
    cost_usd: dollarAmount.nullable().describe('Null where it is not known'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'ConversationSummary' });
export type ConversationSummary = z.infer<typeof conversationSummary>;

/** A summary as a model is given it: as something that was said, and no instruction. */
export const summaryMessage = (text: string): Message => ({
  role: 'user',
  content: [{ type: 'text', text: `Summary of our conversation so far:\n\n${text}` }],
});
