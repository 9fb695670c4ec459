import { z } from 'zod';
import { block } from '../conversation/blocks.js';
import { stopReason } from '../conversation/completion.js';
import { errorCodes, type ErrorCode } from '../errors.js';
import { tokenCounts } from '../tokens.js';

/** The words that a reader of a session's live stream is told in. */
export const liveFormat = z.enum(['parley', 'openai', 'anthropic']);
export type LiveFormat = z.infer<typeof liveFormat>;

export const sessionEventsQuery = z.strictObject({
  format: liveFormat.default('parley'),
  last_event_id: z
    .string()
    .max(100)
    .optional()
    .describe('The id of the last event that was read, for readers that cannot send Last-Event-ID'),
});
export type SessionEventsQuery = z.infer<typeof sessionEventsQuery>;

/** `index` is the block of the answer that it belongs to: what comes of one block is to be joined. */
const part = { index: z.int().min(0) };

/**
 * The data of an event of a session's live stream in Parley's own format. More types, and more fields, may come: a
 * reader passes over those that it does not know.
 */
export const liveFrame = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('turn'),
        turn_id: z.uuid(),
        session_id: z.uuid(),
        model: z.string().describe('As it was asked for'),
        created_at: z.iso.datetime(),
      })
      .describe('A turn begins'),
    z
      .object({ type: z.literal('message'), content: z.string(), session_id: z.uuid(), ...part })
      .describe('More of the answer’s text'),
    z.object({ type: z.literal('reasoning'), content: z.string(), ...part }).describe('More of what the model thinks'),
    z.object({ type: z.literal('refusal'), content: z.string(), ...part }).describe('More of why it does not answer'),
    z
      .object({ type: z.literal('tool_call'), id: z.string(), name: z.string(), ...part })
      .describe('The model asks for a tool'),
    z
      .object({ type: z.literal('tool_arguments'), content: z.string(), ...part })
      .describe('More of the JSON text of a call’s arguments'),
    z
      .object({ type: z.literal('sources'), sources: z.array(z.unknown()), ...part })
      .describe('What a text that is now whole cites, as the provider tells it'),
    z.object({ type: z.literal('block'), block, ...part }).describe('A part of another kind, whole'),
    z
      .object({ type: z.literal('done'), usage: tokenCounts, finish_reason: stopReason })
      .describe('The answer is whole, and stored'),
    z
      .object({
        type: z.literal('error'),
        code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
        message: z.string(),
      })
      .describe(
        'With an id: the answer broke off (`turn.stopped`, `turn.interrupted`), and what came of it is stored. ' +
          'Without one: the stream breaks off here, and is to be resumed',
      ),
  ])
  .meta({ id: 'LiveFrame' });
export type LiveFrame = z.infer<typeof liveFrame>;
