import { z } from 'zod';
import { contextCut } from '../http/context-policy.js';
import { modelName, tokenCounts } from '../tokens.js';
import { lostUsage } from '../turn-usage.js';
import { message } from '../conversation/blocks.js';
import { defineEvent, maxListEntries } from './define.js';

const session = { session_id: z.uuid(), project_id: z.uuid().nullable() };

/** `idle` is a session that nothing was said in for a while; an `archived` one takes no messages until it is restored. */
export const sessionStatus = z.enum(['active', 'idle', 'archived']);
export type SessionStatus = z.infer<typeof sessionStatus>;

export const sessionCreated = defineEvent(
  'sessions.session.created.v1',
  'A session was created',
  z.object({
    ...session,
    created_by: z.uuid(),
    /** Of a fork: whose messages it began with, which no event tells of again. */
    forked_from: z.object({ session_id: z.uuid(), message_id: z.uuid().nullable() }).optional(),
  }),
  { keptFor: ['analytics'] },
);

export const sessionUpdated = defineEvent(
  'sessions.session.updated.v1',
  'A session was changed, restored, or became idle. What is said in an idle one makes it active, which messages tell of',
  z.object({
    ...session,
    status: sessionStatus,
    /** Names of the fields that have another value now, as the API has them; `messages` where the conversation goes on from another one. */
    changed: z.array(z.string()).min(1),
    /** Null where nobody did: a session becomes idle by itself. */
    updated_by: z.uuid().nullable(),
  }),
);

export const sessionArchived = defineEvent(
  'sessions.session.archived.v1',
  'A session was archived: it takes no messages until it is restored, which an update tells of',
  z.object({ ...session, archived_by: z.uuid() }),
);

export const sessionDeleted = defineEvent(
  'sessions.session.deleted.v1',
  'A session and its messages were deleted; what others keep of it should go too',
  z.object({ ...session, deleted_by: z.uuid() }),
  { keptFor: ['analytics', 'experts'] },
);

export const sessionCleared = defineEvent(
  'sessions.session.cleared.v1',
  'All messages of a session were deleted, and the session stays; what others keep of them should go too',
  z.object({ ...session, cleared_by: z.uuid() }),
  { keptFor: ['experts'] },
);

export const projectDeleted = defineEvent(
  'sessions.project.deleted.v1',
  'A project was deleted; its sessions stay, without a project, and what others keep of it should go',
  z.object({ project_id: z.uuid(), deleted_by: z.uuid() }),
);

export const appendedMessage = z.object({
  /** Identity of the message; a consumer that has seen it ignores it. */
  id: z.uuid(),
  session_id: z.uuid(),
  /** Null for a message that was added without asking a model. */
  turn_id: z.uuid().nullable(),
  role: message.shape.role,
});
export type AppendedMessage = z.infer<typeof appendedMessage>;

export const messageAppended = defineEvent(
  'sessions.message.appended.v1',
  'Messages were added to sessions; a batch of one tenant. Answers are told of when they have ended',
  z.object({ messages: z.array(appendedMessage).min(1).max(maxListEntries) }),
  { list: 'messages' },
);

const startedTurn = { ...session, turn_id: z.uuid(), model: modelName };

export const turnStarted = defineEvent(
  'sessions.turn.started.v1',
  'A turn of a session has begun: what was asked is stored, and the answer is to come',
  z.object({ ...startedTurn, started_by: z.uuid() }),
);

const turn = { ...startedTurn, duration_ms: z.int().min(0) };

export const turnCompleted = defineEvent(
  'sessions.turn.completed.v1',
  'A turn of a session was answered whole, and the answer is stored',
  z.object({
    ...turn,
    message_id: z.uuid(),
    tokens: tokenCounts,
    /** What the model was not given; absent where it was given the whole conversation. */
    context: contextCut.optional(),
  }),
  { keptFor: ['analytics'] },
);

/** How a turn can break off: its gateway was lost, the provider broke off, or the caller took it back. */
export const interruption = z.enum(['lease_expired', 'failed', 'cancelled']);
export type Interruption = z.infer<typeof interruption>;

export const turnInterrupted = defineEvent(
  'sessions.turn.interrupted.v1',
  'A turn of a session broke off; `message_id` is the part of the answer that is stored, null where there was none',
  z.object({
    ...turn,
    message_id: z.uuid().nullable(),
    reason: interruption,
    /** Where its gateway was lost before it could record what the answer took; any other record is the gateway's own. */
    usage: lostUsage.optional(),
  }),
  { keptFor: ['analytics', 'gateway'] },
);
