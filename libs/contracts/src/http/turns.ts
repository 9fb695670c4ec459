import { z } from 'zod';
import { block, message } from '../conversation/blocks.js';
import { stopDetails } from '../conversation/completion.js';
import { interruption } from '../events/sessions.js';
import { modelName, tokenCounts } from '../tokens.js';
import { defineRoute } from './route.js';

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
