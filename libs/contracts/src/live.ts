import { z } from 'zod';
import { streamEvent } from './conversation/stream.js';

const turn_id = z.uuid();

/**
 * What readers of a session's running or last turn are told through Redis. All of it may be lost: PostgreSQL has the
 * answer, and a reader sees a gap by `n`.
 */
export const liveEntry = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('opened'), turn_id }),
  /** What came of the answer, without the provider's own text. `n` counts the entries of the turn: 1, 2, … */
  z.strictObject({ type: z.literal('events'), turn_id, n: z.int().min(1), events: z.array(streamEvent).min(1) }),
  /** The answer is stored, whole or broken off. */
  z.strictObject({ type: z.literal('ended'), turn_id }),
  /** The session, or all that was said in it, is gone. */
  z.strictObject({ type: z.literal('deleted') }),
]);
export type LiveEntry = z.infer<typeof liveEntry>;

/** The field of a stream's entry that has the JSON of a `LiveEntry`; a message of the channel is that JSON alone. */
export const liveField = 'entry';

/** Names the Redis stream of a session, and the channel that tells of its entries; all keys of it fall in one slot. */
export const liveKey = (tenantId: string, sessionId: string): string => `parley:live:{${tenantId}:${sessionId}}`;

/** The Redis channel that tells the gateways which turn to stop; the gateway that has it aborts its provider call. */
export const turnStopsChannel = 'parley:turn-stops';

export const turnStop = z.strictObject({ turn_id });
export type TurnStop = z.infer<typeof turnStop>;
