import { z } from 'zod';
import { block, message } from '../conversation/blocks.js';
import { stopDetails } from '../conversation/completion.js';
import { modelName, tokenCounts } from '../tokens.js';
import { interruption } from '../events/sessions.js';
import { pageOf } from './page.js';
import { defineRoute } from './route.js';

const name = z.string().trim().min(1).max(200);

export const project = z
  .strictObject({ id: z.uuid(), name: z.string(), created_at: z.iso.datetime(), updated_at: z.iso.datetime() })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof project>;
export const projectPage = pageOf(project).meta({ id: 'ProjectPage' });
export const createProjectRequest = z.strictObject({ name }).meta({ id: 'CreateProjectRequest' });
export const updateProjectRequest = z.strictObject({ name }).meta({ id: 'UpdateProjectRequest' });

/** `model` answers where a completion in the session names none. */
export const createSessionRequest = z
  .strictObject({ name: name.optional(), model: modelName.optional(), project_id: z.uuid().optional() })
  .meta({ id: 'CreateSessionRequest' });
export type CreateSessionRequest = z.infer<typeof createSessionRequest>;

/** Absent fields stay; null takes away. */
export const updateSessionRequest = z
  .strictObject({
    name: name.nullable().optional(),
    model: modelName.nullable().optional(),
    project_id: z.uuid().nullable().optional(),
  })
  .meta({ id: 'UpdateSessionRequest' });
export type UpdateSessionRequest = z.infer<typeof updateSessionRequest>;

/** `interrupted` is an answer that broke off: what is there is kept, and is part of the conversation. */
export const messageStatus = z.enum(['complete', 'interrupted']);

export const sessionMessage = z
  .strictObject({
    id: z.uuid(),
    parent_id: z.uuid().nullable(),
    turn_id: z.uuid(),
    role: message.shape.role,
    content: z.array(block),
    status: messageStatus,
    /** Of the answer, as the provider names it; null for the caller’s own messages. */
    model: z.string().nullable(),
    tokens: tokenCounts.nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'SessionMessage' });
export type SessionMessage = z.infer<typeof sessionMessage>;

const sessionFields = {
  id: z.uuid(),
  name: z.string().nullable(),
  model: z.string().nullable(),
  project_id: z.uuid().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};
export const session = z.strictObject(sessionFields).meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
export const sessionPage = pageOf(session).meta({ id: 'SessionPage' });
/** With the conversation, oldest message first. */
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
/**
 * The route takes 32 MiB, as completions do. @throws AppError session.not_found, session.busy, request.invalid at `model`
 * where neither the request nor the session names one.
 */
export const openTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/sessions/:id/turns',
  request: openTurnRequest,
  response: openedTurn,
});

const turnEnded = z.strictObject({});
/** `@Public()` routes, for whoever has the lease; a wrong one is turn.not_found. */
const answerSoFar = { lease: z.string().max(200), content: z.array(block), model: z.string().optional() };

/** Keeps what has come of the answer and extends the lease. @throws AppError turn.not_found, turn.ended. */
export const checkpointTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/checkpoint',
  request: z.strictObject(answerSoFar),
  response: turnEnded,
});

/** Doing it twice does no harm. @throws AppError turn.not_found, turn.ended when it was interrupted meanwhile. */
export const completeTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/complete',
  request: z.strictObject({ ...answerSoFar, stop: stopDetails, tokens: tokenCounts }),
  response: turnEnded,
});

/** Doing it twice does no harm. @throws AppError turn.not_found, turn.ended when it was completed meanwhile. */
export const interruptTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/interrupt',
  request: z.strictObject({ ...answerSoFar, reason: interruption, tokens: tokenCounts.optional() }),
  response: turnEnded,
});
