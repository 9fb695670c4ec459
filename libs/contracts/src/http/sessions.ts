import { z } from 'zod';
import { block, message } from '../conversation/blocks.js';
import { stopDetails } from '../conversation/completion.js';
import { storedText } from '../storable.js';
import { modelName, tokenCounts } from '../tokens.js';
import { interruption, sessionStatus } from '../events/sessions.js';
import { pageOf, pageQuery } from './page.js';
import { defineRoute } from './route.js';

const name = storedText(200).regex(/^\P{Cc}*$/u, 'must have no control characters');

const perMinute = z.int().min(1).max(1_000_000_000).optional();

/** What each session of a project may ask for; without a number there is no limit but the caller’s own. */
export const projectLimits = z
  .strictObject({
    requests_per_minute: perMinute.describe('Turns'),
    tokens_per_minute: perMinute.describe('Of all classes; a turn is let in while there is one left'),
  })
  .meta({ id: 'ProjectLimits' });
export type ProjectLimits = z.infer<typeof projectLimits>;

/** Longer than a name, as a prompt is; of the bytes of a conversation they take none. */
const instructions = storedText(100_000);

export const project = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    model: z.string().nullable().describe('Answers where neither a completion nor its session names one'),
    instructions: z.string().nullable().describe('Given to models before the session’s own'),
    limits: projectLimits,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof project>;
export const projectPage = pageOf(project).meta({ id: 'ProjectPage' });
export type ProjectPage = z.infer<typeof projectPage>;
export const createProjectRequest = z
  .strictObject({
    name,
    model: modelName.optional(),
    instructions: instructions.optional(),
    limits: projectLimits.optional(),
  })
  .meta({ id: 'CreateProjectRequest' });
export type CreateProjectRequest = z.infer<typeof createProjectRequest>;

/** Absent fields stay; null takes away. */
export const updateProjectRequest = z
  .strictObject({
    name: name.optional(),
    model: modelName.nullable().optional(),
    instructions: instructions.nullable().optional(),
    limits: projectLimits.optional().describe('All of them; an empty object takes them away'),
  })
  .meta({ id: 'UpdateProjectRequest' });
export type UpdateProjectRequest = z.infer<typeof updateProjectRequest>;

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
    name: name.optional(),
    model: modelName.optional(),
    project_id: z.uuid().optional(),
    tags: tags.optional(),
  })
  .meta({ id: 'CreateSessionRequest' });
export type CreateSessionRequest = z.infer<typeof createSessionRequest>;

/** Absent fields stay; null takes away. */
export const updateSessionRequest = z
  .strictObject({
    name: name.nullable().optional(),
    model: modelName.nullable().optional(),
    project_id: z.uuid().nullable().optional(),
    tags: tags.optional().describe('All of them; an empty list takes them away'),
  })
  .meta({ id: 'UpdateSessionRequest' });
export type UpdateSessionRequest = z.infer<typeof updateSessionRequest>;

/** `interrupted` is an answer that broke off: what is there is kept, and is part of the conversation. */
export const messageStatus = z.enum(['complete', 'interrupted']);

export type MessageStatus = z.infer<typeof messageStatus>;

export const sessionMessage = z
  .strictObject({
    id: z.uuid(),
    parent_id: z.uuid().nullable(),
    turn_id: z.uuid().nullable().describe('Null for a message that was added without asking a model'),
    ...message.shape,
    status: messageStatus,
    model: z.string().nullable().describe('Of an answer, as the provider names it'),
    tokens: tokenCounts.nullable().describe('What the answer took; null where it is not known'),
    stop: stopDetails.nullable().describe('Why a whole answer ended'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'SessionMessage' });
export type SessionMessage = z.infer<typeof sessionMessage>;
export const messagePage = pageOf(sessionMessage).meta({ id: 'SessionMessagePage' });
export type SessionMessagePage = z.infer<typeof messagePage>;

/** A text stands for one block of it. */
export const appendMessageRequest = z
  .strictObject({
    role: message.shape.role.default('user'),
    content: z.union([z.string().min(1), z.array(block).min(1)]),
    name: message.shape.name,
  })
  .meta({ id: 'AppendMessageRequest' });
export type AppendMessageRequest = z.infer<typeof appendMessageRequest>;

const sessionFields = {
  id: z.uuid(),
  name: z.string().nullable(),
  model: z.string().nullable(),
  project_id: z.uuid().nullable(),
  tags: z.array(z.string()),
  status: sessionStatus.describe('Idle once nothing was said for a while, active again with the next message'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime().describe('Of the last change, what was said in it among them'),
  last_active_at: z.iso.datetime().describe('When something was said in it last'),
  archived_at: z.iso.datetime().nullable(),
};
export const session = z.strictObject(sessionFields).meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
export const sessionPage = pageOf(session).meta({ id: 'SessionPage' });
export type SessionPage = z.infer<typeof sessionPage>;

/** A moment in a query, with the offset of its zone; PostgreSQL has no year 0. */
const moment = z.iso
  .datetime({ offset: true })
  .refine((text) => !text.startsWith('0000'), 'must be of a year from 0001');

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

/** With the newest messages of the conversation, oldest first: at most 1,000, and 4 MiB unless the newest alone is larger. */
export const sessionWithMessages = z
  .strictObject({ ...sessionFields, messages: z.array(sessionMessage) })
  .meta({ id: 'SessionWithMessages' });
export type SessionWithMessages = z.infer<typeof sessionWithMessages>;

export const readSession = defineRoute({
  service: 'sessions',
  method: 'GET',
  path: '/v1/sessions/:id',
  response: sessionWithMessages,
});

/** A turn as its gateway opens it. `turn_id` is the gateway’s own, so that opening twice opens one. */
export const openTurnRequest = z.strictObject({
  turn_id: z.uuid(),
  request_id: z.string(),
  /** As the request names it; absent for the session’s own. */
  model: modelName.optional(),
  /** The new messages alone. */
  input: z.array(message).min(1),
});
export type OpenTurnRequest = z.infer<typeof openTurnRequest>;
/**
 * The whole conversation, the input at its end; the turn is interrupted unless a checkpoint comes before `lease_ms`.
 * `lease` is the credential for this turn's other calls, and good for nothing else: an answer may take longer than the
 * caller's token lives. It names the tenant (`<tenant id>.<256-bit secret>`); sessions keeps a hash of it alone.
 */
export const openedTurn = z.strictObject({
  lease: z.string(),
  model: modelName,
  context: z.array(message),
  project_id: z.uuid().nullable(),
  lease_ms: z.int().min(1),
});
export type OpenedTurn = z.infer<typeof openedTurn>;
/**
 * The route takes 32 MiB, as completions do. @throws AppError session.not_found, session.busy, session.too_long,
 * turn.ended for the id of a turn that is over, session.archived, request.invalid at `model` where neither
 * the request nor the session or its project names one, request.rate_limited by the project’s limits.
 */
export const openTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/sessions/:id/turns',
  request: openTurnRequest,
  response: openedTurn,
});

export const turnKept = z.strictObject({});
/** `@Public()` routes, for whoever has the lease; a wrong one is turn.not_found. */
const answerSoFar = { lease: z.string().max(200), content: z.array(block), model: z.string().optional() };

export const checkpointTurnRequest = z.strictObject(answerSoFar);
export type CheckpointTurnRequest = z.infer<typeof checkpointTurnRequest>;
/** Keeps what has come of the answer and extends the lease. @throws AppError turn.not_found, turn.ended. */
export const checkpointTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/checkpoint',
  request: checkpointTurnRequest,
  response: turnKept,
});

export const completeTurnRequest = z.strictObject({ ...answerSoFar, stop: stopDetails, tokens: tokenCounts });
export type CompleteTurnRequest = z.infer<typeof completeTurnRequest>;
/** Doing it twice does no harm. @throws AppError turn.not_found, turn.ended when it was interrupted meanwhile. */
export const completeTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/complete',
  request: completeTurnRequest,
  response: turnKept,
});

export const interruptTurnRequest = z.strictObject({
  ...answerSoFar,
  reason: interruption,
  tokens: tokenCounts.optional(),
});
export type InterruptTurnRequest = z.infer<typeof interruptTurnRequest>;
/**
 * Doing it twice does no harm. A turn that failed before anything of its answer came leaves the conversation as it was
 * before. @throws AppError turn.not_found, turn.ended when it was completed meanwhile.
 */
export const interruptTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/interrupt',
  request: interruptTurnRequest,
  response: turnKept,
});
