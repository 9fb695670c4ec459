import { z } from 'zod';
import { block, message } from '../conversation/blocks.js';
import { stopDetails } from '../conversation/completion.js';
import { vendorName } from '../conversation/vendor.js';
import { interruption } from '../events/sessions.js';
import { dollarAmount } from '../dollars.js';
import { modelName, tokenCounts } from '../tokens.js';
import { turnUsage } from '../turn-usage.js';
import { contextCut, contextPolicy } from './context-policy.js';
import { defineRoute } from './route.js';

/** How a turn was asked for, kept with it for the record of one whose gateway is lost. Who asked, the token says. */
export const turnQuestion = z.object({
  dialect: vendorName,
  streamed: z.boolean(),
  /** Estimated: what the new messages and the tools take. */
  input_tokens: z.int().min(0),
});
export type TurnQuestion = z.infer<typeof turnQuestion>;

/**
 * A turn as its gateway opens it. `turn_id` is the gateway’s own, so that opening twice opens one. As in the other steps of
 * a turn, fields that are not known are left out: a newer gateway may say more.
 */
export const openTurnRequest = z.object({
  turn_id: z.uuid(),
  request_id: z.string(),
  /** As the request names it; absent for the session’s own. */
  model: modelName.optional(),
  /** The new messages alone. */
  input: z.array(message).min(1),
  /** Absent from a gateway of the release before. */
  asked: turnQuestion.optional(),
  /** The gateway understands {@link queuedTurn}; any other is told session.busy at once. */
  wait: z.boolean().optional(),
});
export type OpenTurnRequest = z.infer<typeof openTurnRequest>;
/** What a message of the context is: instructions and the turn's input are given in any case. */
const turn_id = z.uuid().nullable();
export const contextPart = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['history', 'input']), message_id: z.uuid(), turn_id }),
  /** A summary, and the project's instructions, are no message. */
  z.strictObject({ kind: z.enum(['instructions', 'summary']), message_id: z.uuid().nullable(), turn_id }),
]);
export type ContextPart = z.infer<typeof contextPart>;

/** What is to become of the context where it does not fit into the model's window. */
export const contextWindow = z.strictObject({
  policy: contextPolicy,
  /** One for each message of the context; none where it is refused anyway. */
  parts: z.array(contextPart),
  /** What the summary in it stands for. */
  cut: contextCut.optional(),
});
export type ContextWindow = z.infer<typeof contextWindow>;

/**
 * The whole conversation, the input at its end; the turn is interrupted unless a checkpoint comes before `lease_ms`.
 * `lease` is the credential for this turn's other calls, and good for nothing else: an answer may take longer than the
 * caller's token lives. It names the tenant (`<tenant id>.<256-bit secret>`); sessions keeps a hash of it alone.
 */
export const openedTurn = z.strictObject({
  lease: z.string(),
  /** Absent from sessions of the release before, which leave the window to the provider. */
  window: contextWindow.optional(),
  model: modelName,
  context: z.array(message),
  project_id: z.uuid().nullable(),
  lease_ms: z.int().min(1),
});
export type OpenedTurn = z.infer<typeof openedTurn>;

/** Where the session is busy and lets turns wait: the gateway asks again by `awaitTurn`, with the lease that the turn is to have. */
export const queuedTurn = z.strictObject({
  lease: z.string(),
  /** `position` counts the turns that wait before it. */
  queued: z.strictObject({ position: z.int().min(0) }),
  retry_after_ms: z.int().min(1),
});
export type QueuedTurn = z.infer<typeof queuedTurn>;

/**
 * The route takes 32 MiB, as completions do. @throws AppError session.not_found, session.busy, session.too_long,
 * turn.ended for the id of a turn that is over, session.archived, request.invalid at `model` where neither
 * the request nor the session or its project names one, request.rate_limited by the project’s limits.
 */
export const openTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/sessions/:id/turns',
  lenient: true,
  request: openTurnRequest,
  response: z.union([openedTurn, queuedTurn]),
});

const lease = z.string().max(200);
/** What the gateway of a waiting turn says by the lease alone: the caller's token may be over before their turn comes. */
export const waitingTurnRequest = z.object({ lease });
export type WaitingTurnRequest = z.infer<typeof waitingTurnRequest>;
export const waitingTurn = z.strictObject({
  position: z.int().min(0),
  /** Nobody is before it any more, and the session is free. */
  may_open: z.boolean(),
  retry_after_ms: z.int().min(1),
});
export type WaitingTurn = z.infer<typeof waitingTurn>;
/** Keeps the turn's place, of one not heard of for 3 s another takes it. @throws AppError turn.not_found, session.busy once it has waited for a minute. */
export const awaitTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/wait',
  request: waitingTurnRequest,
  response: waitingTurn,
});
/** Gives up the turn's place. Doing it twice does no harm. */
export const leaveTurnQueue = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/leave',
  request: waitingTurnRequest,
  response: z.strictObject({}),
});
export const openWaitingTurnRequest = openTurnRequest.omit({ turn_id: true, wait: true }).extend({ lease });
export type OpenWaitingTurnRequest = z.infer<typeof openWaitingTurnRequest>;
/** As `openTurn`, for a turn that may open now. @throws AppError also turn.not_found. */
export const openWaitingTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/open',
  lenient: true,
  request: openWaitingTurnRequest,
  response: openTurn.response,
});

export const turnKept = z.strictObject({});
/** `@Public()` routes, for whoever has the lease; a wrong one is turn.not_found. */
const answerSoFar = {
  lease,
  content: z.array(block),
  model: z.string().optional(),
  /** What the model was not given. */
  context: contextCut.optional(),
};

export const checkpointTurnRequest = z.object({ ...answerSoFar, usage: turnUsage.optional() });
export type CheckpointTurnRequest = z.infer<typeof checkpointTurnRequest>;
/** `stopping` says that somebody has asked for the end of the turn: its lease is not extended any more. */
export const checkpointKept = z.strictObject({ stopping: z.literal(true).optional() });
export type CheckpointKept = z.infer<typeof checkpointKept>;
/** Keeps what has come of the answer, and what it has used until then, and extends the lease. @throws AppError turn.not_found, turn.ended. */
export const checkpointTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/checkpoint',
  lenient: true,
  request: checkpointTurnRequest,
  response: checkpointKept,
});

export const completeTurnRequest = z.object({
  ...answerSoFar,
  stop: stopDetails,
  tokens: tokenCounts,
  /** As the ledger has it; absent where no price is known. */
  cost_usd: dollarAmount.optional(),
});
export type CompleteTurnRequest = z.infer<typeof completeTurnRequest>;
/** Doing it twice does no harm. @throws AppError turn.not_found, turn.ended when it was interrupted meanwhile. */
export const completeTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/complete',
  lenient: true,
  request: completeTurnRequest,
  response: turnKept,
});

export const interruptTurnRequest = z.object({
  ...answerSoFar,
  reason: interruption,
  tokens: tokenCounts.optional(),
  cost_usd: dollarAmount.optional(),
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
  lenient: true,
  request: interruptTurnRequest,
  response: turnKept,
});

/** Without a turn, the one that is under way, whichever that is. */
export const stopTurnRequest = z
  .strictObject({ turn_id: z.uuid().optional() })
  .default({})
  .meta({ id: 'StopTurnRequest' });
export type StopTurnRequest = z.infer<typeof stopTurnRequest>;
export const stoppingTurn = z.strictObject({ turn_id: z.uuid() }).meta({ id: 'StoppingTurn' });
export type StoppingTurn = z.infer<typeof stoppingTurn>;

export const summariseTurnRequest = z.strictObject({
  lease: z.string().max(200),
  /** The last message that the summary stands for: of the conversation before the turn. */
  until_message_id: z.uuid(),
  text: z.string().min(1),
  /** How many messages it stands for, instructions aside. */
  messages: z.int().min(1),
  model: z.string(),
  tokens: tokenCounts,
  cost_usd: dollarAmount.nullable(),
});
export type SummariseTurnRequest = z.infer<typeof summariseTurnRequest>;
/**
 * Keeps a summary of what came before the turn, for the turns that follow; it stays when the turn fails. Doing it twice
 * does no harm. @throws AppError turn.not_found, turn.ended, request.invalid for a message that is not before the turn.
 */
export const summariseTurn = defineRoute({
  service: 'sessions',
  method: 'POST',
  path: '/internal/turns/:id/summary',
  request: summariseTurnRequest,
  response: turnKept,
});
