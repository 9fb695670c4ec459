import { z } from 'zod';
import { storedText } from '../storable.js';
import { modelName } from '../tokens.js';
import { sessionStatus } from '../events/sessions.js';
import { concurrencyPolicy } from './concurrency.js';
import { contextPolicy, conversationSummary } from './context-policy.js';
import { givenName } from './given-name.js';
import { moment } from './moment.js';
import { pageOf, pageQuery } from './page.js';
import { defineRoute } from './route.js';
import { sessionMessage } from './session-messages.js';

/** Sessions that were not changed for so many days are deleted. */
export const sessionRetention = z
  .strictObject({
    days: z.int().min(1).max(36_500).nullable().describe('Null: sessions are kept until somebody deletes them'),
  })
  .meta({ id: 'SessionRetention' });
export type SessionRetention = z.infer<typeof sessionRetention>;

const tag = storedText(64).regex(/^\P{Cc}*$/u, 'must have no control characters');

/** Words by which sessions are found again. */
const tags = z
  .array(tag)
  .max(32)
  .refine((all) => new Set(all).size === all.length, 'must differ');

/** `model` answers where a completion in the session names none; without one the project’s does. */
export const createSessionRequest = z
  .strictObject({
    name: givenName.optional(),
    model: modelName.optional(),
    project_id: z.uuid().optional(),
    tags: tags.optional(),
    concurrency: concurrencyPolicy.optional(),
    context: contextPolicy.optional(),
  })
  .meta({ id: 'CreateSessionRequest' });
export type CreateSessionRequest = z.infer<typeof createSessionRequest>;

/** Absent fields stay; null takes away. */
export const updateSessionRequest = z
  .strictObject({
    name: givenName.nullable().optional(),
    model: modelName.nullable().optional(),
    project_id: z.uuid().nullable().optional(),
    tags: tags.optional().describe('All of them; an empty list takes them away'),
    concurrency: concurrencyPolicy.nullable().optional(),
    context: contextPolicy.nullable().optional(),
  })
  .meta({ id: 'UpdateSessionRequest' });
export type UpdateSessionRequest = z.infer<typeof updateSessionRequest>;

const forkedFrom = z
  .strictObject({ session_id: z.uuid(), message_id: z.uuid().nullable().describe('Null where it had no message') })
  .describe('The session that this began as a part of, there still or not');

const sessionFields = {
  id: z.uuid(),
  name: z.string().nullable(),
  model: z.string().nullable(),
  project_id: z.uuid().nullable(),
  tags: z.array(z.string()),
  concurrency: concurrencyPolicy.nullable().describe('Null for the project’s; where neither has one, `reject`'),
  context: contextPolicy
    .nullable()
    .describe('Null for the project’s; where neither has one, what is too long is refused'),
  status: sessionStatus.describe('Idle once nothing was said for a while, active again with the next message'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime().describe('Of the last change, what was said in it among them'),
  last_active_at: z.iso.datetime().describe('When something was said in it last'),
  archived_at: z.iso.datetime().nullable(),
  forked_from: forkedFrom.nullable(),
};
export const session = z.strictObject(sessionFields).meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
export const sessionPage = pageOf(session).meta({ id: 'SessionPage' });
export type SessionPage = z.infer<typeof sessionPage>;

export const sessionOrders = ['-created', 'created', '-updated', 'updated', 'name', '-name'] as const;
export type SessionOrder = (typeof sessionOrders)[number];

/** Every filter that is given has to fit. */
export const sessionsQuery = pageQuery.extend({
  /** Longer than others: it may carry a name. */
  cursor: z.string().max(1500).optional(),
  project_id: z.uuid().optional(),
  status: sessionStatus.optional(),
  model: modelName.optional(),
  tag: z
    .union([tag.transform((one) => [one]), z.array(tag).max(32)])
    .optional()
    .describe('Repeated, the sessions that have all of them'),
  text: storedText(200).optional().describe('Within the name, in upper or lower case'),
  created_after: moment.optional().describe('Or at'),
  created_before: moment.optional(),
  updated_after: moment.optional().describe('Or at'),
  updated_before: moment.optional(),
  sort: z
    .enum(sessionOrders)
    .default('-created')
    .describe('A minus turns the order round; sessions without a name come first by name'),
});
export type SessionsQuery = z.infer<typeof sessionsQuery>;

/** The new session has the path to `message_id`, by default the whole conversation. */
export const forkSessionRequest = z
  .strictObject({
    message_id: z.uuid().optional().describe('Of any branch; the newest of the conversation unless it is given'),
    name: givenName.optional().describe('The name of the session that is forked unless it is given'),
  })
  .default({})
  .meta({ id: 'ForkSessionRequest' });
export type ForkSessionRequest = z.infer<typeof forkSessionRequest>;

export const rewindSessionRequest = z
  .strictObject({
    message_id: z.uuid().nullable().describe('Of any branch; null begins a new one before the first message'),
  })
  .meta({ id: 'RewindSessionRequest' });
export type RewindSessionRequest = z.infer<typeof rewindSessionRequest>;

/** With the newest messages of the conversation, oldest first: at most 1,000, and 4 MiB unless the newest alone is larger. */
export const sessionWithMessages = z
  .strictObject({
    ...sessionFields,
    summary: conversationSummary
      .nullable()
      .describe('What stands for the oldest messages where `context` is to summarise them'),
    messages: z.array(sessionMessage),
  })
  .meta({ id: 'SessionWithMessages' });
export type SessionWithMessages = z.infer<typeof sessionWithMessages>;

export const readSession = defineRoute({
  service: 'sessions',
  method: 'GET',
  path: '/v1/sessions/:id',
  response: sessionWithMessages,
});
