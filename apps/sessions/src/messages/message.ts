import type {
  AppendedMessage,
  ContextCut,
  Message,
  MessageStatus,
  SessionMessage,
  Stop,
  TokenCounts,
} from '@parley/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Place } from '../sessions/session.js';

/** Everything that a message says, but for who says it. */
export type MessageBody = Omit<Message, 'role'>;

/** For ids, times, counts and the like: many small messages are as much work as a few large ones. */
const bytesBeside = 512;

/** What a message counts in its conversation. */
export const bytesOf = (body: MessageBody): number => Buffer.byteLength(JSON.stringify(body)) + bytesBeside;

/** A message that has no place yet. */
export interface NewMessage {
  readonly id: string;
  readonly turnId: string | null;
  readonly role: Message['role'];
  readonly body: MessageBody;
  /** By {@link bytesOf}. */
  readonly bytes: number;
  readonly status: MessageStatus;
  /** Of an answer: the model as its provider names it, what the answer took and cost, how long it took, why it ended. */
  readonly model: string | null;
  readonly tokens: TokenCounts | null;
  readonly costUsd: string | null;
  readonly durationMs: number | null;
  readonly stop: Stop | null;
  /** Of an answer whose model was not given the whole conversation. */
  readonly context: ContextCut | null;
  readonly createdAt: Date;
}

export type StoredMessage = NewMessage & Place;

/** A message anywhere in the tree; one that was left behind on another branch has no position. */
export type TreeMessage = NewMessage & Omit<Place, 'position'> & { readonly position: number | null };

/** What a caller said, in a turn or without one. */
export const said = ({ role, ...body }: Message, turnId: string | null): NewMessage => ({
  id: uuidv7(),
  turnId,
  role,
  body,
  bytes: bytesOf(body),
  status: 'complete',
  model: null,
  tokens: null,
  costUsd: null,
  durationMs: null,
  stop: null,
  context: null,
  createdAt: new Date(),
});

export const toMessage = ({ role, body }: Pick<NewMessage, 'role' | 'body'>): Message => ({ role, ...body });

export const toSessionMessage = (message: NewMessage & Pick<TreeMessage, 'parentId' | 'position'>): SessionMessage => ({
  id: message.id,
  parent_id: message.parentId,
  in_conversation: message.position !== null,
  turn_id: message.turnId,
  ...toMessage(message),
  status: message.status,
  model: message.model,
  tokens: message.tokens,
  cost_usd: message.costUsd,
  duration_ms: message.durationMs,
  stop: message.stop,
  context: message.context,
  created_at: message.createdAt.toISOString(),
});

/** An entry of the event that tells of new messages. */
export const toAppended = (
  sessionId: string,
  { id, turnId, role }: Pick<NewMessage, 'id' | 'turnId' | 'role'>,
): AppendedMessage => ({ id, session_id: sessionId, turn_id: turnId, role });
