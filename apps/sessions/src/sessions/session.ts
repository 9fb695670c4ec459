import { isDeepStrictEqual } from 'node:util';
import {
  AppError,
  type ConcurrencyPolicy,
  type ContextPolicy,
  type ErrorText,
  type Session as SessionView,
  type SessionStatus,
  type UpdateSessionRequest,
} from '@parley/contracts';

/** What the messages of a conversation may come to: as much as a completion's body, so that a turn's context fits into one. */
export const maxConversationBytes = 32 << 20;

/** With what was left behind on other branches: as much as is copied, cleared and deleted in seconds. */
export const maxTreeBytes = 64 << 20;

/** What one statement that copies or deletes a whole tree may take; seconds are enough where the machine is not busy. */
export const wholeTreeMs = 60_000;

/** A session as stored. Its row is the lock of its conversation: who changes a message holds it. */
export type Session = SessionRow<Date>;

export interface SessionRow<Moment> {
  readonly tenantId: string;
  readonly id: string;
  readonly projectId: string | null;
  readonly name: string | null;
  readonly model: string | null;
  readonly tags: readonly string[];
  /** Each null for the project's. */
  readonly concurrency: ConcurrencyPolicy | null;
  readonly context: ContextPolicy | null;
  readonly status: SessionStatus;
  /** The newest message of the conversation, on which the next one hangs. */
  readonly headId: string | null;
  readonly nextPosition: number;
  /** Of all messages in the conversation. An answer is never refused, so its last one may pass the limit. */
  readonly bytes: number;
  /** Of all messages on other branches. */
  readonly leftBytes: number;
  /** The turn that holds the session; until it ends there is no other, and no message from anybody else. */
  readonly openTurnId: string | null;
  readonly createdAt: Moment;
  readonly updatedAt: Moment;
  readonly lastActiveAt: Moment;
  readonly archivedAt: Moment | null;
  /** What a fork began as a part of, and the last message of that part; the session there may be gone. */
  readonly forkedSessionId: string | null;
  readonly forkedMessageId: string | null;
}

/** Where a message stands: below its parent in the session's tree, and so far along the conversation. */
export interface Place {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly parentId: string | null;
  readonly position: number;
}

/** A message counts with what it says and what is kept with it. */
interface Sized {
  readonly bytes: number;
}

const sizeOf = (messages: readonly Sized[]): number => messages.reduce((sum, { bytes }) => sum + bytes, 0);

export type Refusal = 'session.archived' | 'session.busy' | 'session.too_long';

/** Why the conversation has to stay as it is. */
export function closedBy({ status, openTurnId }: Session): 'session.archived' | 'session.busy' | undefined {
  if (status === 'archived') return 'session.archived';
  return openTurnId === null ? undefined : 'session.busy';
}

/** Why these messages cannot be added to the session. */
export function refusalOf(session: Session, messages: readonly Sized[]): Refusal | undefined {
  const closed = closedBy(session);
  if (closed) return closed;
  const bytes = session.bytes + sizeOf(messages);
  const tooLong = bytes > maxConversationBytes || bytes + session.leftBytes > maxTreeBytes;
  return tooLong ? 'session.too_long' : undefined;
}

const refusals: Readonly<Record<Refusal, ErrorText>> = {
  'session.archived': { detail: 'Restore the session to go on with it' },
  'session.busy': { retryAfterMs: 1_000 },
  'session.too_long': {
    detail: `A conversation has at most ${maxConversationBytes >> 20} MiB, and ${maxTreeBytes >> 20} MiB with its other branches; clear the session, or go on in a new one or in a fork`,
  },
};

export const refused = (code: Refusal): AppError => new AppError(code, refusals[code]);

/** Hangs messages on the head, one below the other. */
export function extend<T extends { readonly id: string } & Sized>(
  session: Session,
  messages: readonly T[],
): { readonly session: Session; readonly placed: readonly (T & Place)[] } {
  const { tenantId, id: sessionId } = session;
  const placed = messages.map((message, index) => ({
    ...message,
    tenantId,
    sessionId,
    parentId: messages[index - 1]?.id ?? session.headId,
    position: session.nextPosition + index,
  }));
  const headId = messages.at(-1)?.id ?? session.headId;
  const nextPosition = session.nextPosition + messages.length;
  return { session: { ...session, headId, nextPosition, bytes: session.bytes + sizeOf(messages) }, placed };
}

/** What of a session is told. */
export type Told<Moment> = Omit<
  SessionRow<Moment>,
  'tenantId' | 'headId' | 'nextPosition' | 'bytes' | 'leftBytes' | 'openTurnId'
>;

const viewOf = <Moment>(session: Told<Moment>, iso: (moment: Moment) => string): SessionView => ({
  id: session.id,
  name: session.name,
  model: session.model,
  project_id: session.projectId,
  tags: [...session.tags],
  concurrency: session.concurrency,
  context: session.context,
  status: session.status,
  created_at: iso(session.createdAt),
  updated_at: iso(session.updatedAt),
  last_active_at: iso(session.lastActiveAt),
  archived_at: session.archivedAt === null ? null : iso(session.archivedAt),
  forked_from:
    session.forkedSessionId === null
      ? null
      : { session_id: session.forkedSessionId, message_id: session.forkedMessageId },
});

export const toSession = (session: Session): SessionView => viewOf(session, (moment) => moment.toISOString());

/** As {@link toSession}, of a session whose moments are PostgreSQL's text in UTC: a quarter of a list's time went into Dates. */
export const toListed = (session: Told<string>): SessionView => viewOf(session, (text) => isoOf(text, 3));

/** PostgreSQL leaves out zeros at the end of a fraction. */
export const isoOf = (utc: string, digits: number): string =>
  `${utc.slice(0, 10)}T${utc.slice(11, 19)}${(utc.slice(19, 20 + digits) || '.').padEnd(digits + 1, '0')}Z`;

/** @throws AppError session.not_found where there is none. */
export function found(session: Session | undefined): Session {
  if (!session) throw new AppError('session.not_found');
  return session;
}

/** Names of the fields that would have another value than they have. */
export const changedFields = (session: SessionView, changes: UpdateSessionRequest): (keyof UpdateSessionRequest)[] =>
  (Object.keys(changes) as (keyof UpdateSessionRequest)[]).filter(
    (field) => changes[field] !== undefined && !isDeepStrictEqual(changes[field], session[field]),
  );
