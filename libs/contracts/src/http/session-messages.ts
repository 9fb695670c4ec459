import { z } from 'zod';
import { block, message } from '../conversation/blocks.js';
import { stopDetails } from '../conversation/completion.js';
import { dollarAmount } from '../dollars.js';
import { tokenCounts } from '../tokens.js';
import { contextCut } from './context-policy.js';
import { pageOf, pageQuery } from './page.js';

/** `interrupted` is an answer that broke off: what is there is kept, and is part of the conversation. */
export const messageStatus = z.enum(['complete', 'interrupted']);

export type MessageStatus = z.infer<typeof messageStatus>;

export const sessionMessage = z
  .strictObject({
    id: z.uuid(),
    parent_id: z.uuid().nullable(),
    in_conversation: z.boolean().describe('False for what was left behind on another branch'),
    turn_id: z.uuid().nullable().describe('Null for a message that was added without asking a model'),
    ...message.shape,
    status: messageStatus,
    model: z.string().nullable().describe('Of an answer, as the provider names it'),
    tokens: tokenCounts.nullable().describe('What the answer took; null where it is not known'),
    cost_usd: dollarAmount.nullable().describe('What the answer cost, exactly; null where it is not known'),
    duration_ms: z.int().min(0).nullable().describe('From the question to the end of its answer'),
    stop: stopDetails.nullable().describe('Why a whole answer ended'),
    context: contextCut.nullable().describe('Of an answer, what its model was not given; null where it was given all'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'SessionMessage' });
export type SessionMessage = z.infer<typeof sessionMessage>;
export const messagePage = pageOf(sessionMessage).meta({ id: 'SessionMessagePage' });
export type SessionMessagePage = z.infer<typeof messagePage>;

export const messagesQuery = pageQuery.extend({
  branch: z
    .enum(['conversation', 'all'])
    .default('conversation')
    .describe('The conversation in order, or every message of every branch as they came, each behind its parent'),
});
export type MessagesQuery = z.infer<typeof messagesQuery>;

/** A text stands for one block of it. */
export const appendMessageRequest = z
  .strictObject({
    role: message.shape.role.default('user'),
    content: z.union([z.string().min(1), z.array(block).min(1)]),
    name: message.shape.name,
  })
  .meta({ id: 'AppendMessageRequest' });
export type AppendMessageRequest = z.infer<typeof appendMessageRequest>;
