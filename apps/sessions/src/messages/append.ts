import { messageAppended } from '@parley/contracts';
import { outboxRow, type OutboxRow } from '@parley/messaging';
import { extend, type Session } from '../sessions/session.js';
import { toAppended, type NewMessage, type StoredMessage } from './message.js';

/** A message on its way into a session. */
export interface Append {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly message: NewMessage;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

/** What became of it: its place, or that a turn holds the session. */
export type Outcome = Pick<StoredMessage, 'parentId'> | 'busy';

interface Placement {
  readonly sessions: readonly Session[];
  readonly messages: readonly StoredMessage[];
  readonly outcomes: ReadonlyMap<Append, Outcome>;
}

/** Places each message in its session, one after the other; those whose session is not given have no outcome. */
export function place(appends: readonly Append[], sessions: readonly Session[]): Placement {
  const outcomes = new Map<Append, Outcome>();
  const messages: StoredMessage[] = [];
  const moved = new Map(sessions.map((session) => [keyOf(session.tenantId, session.id), session]));
  for (const append of appends) {
    const key = keyOf(append.tenantId, append.sessionId);
    const session = moved.get(key);
    if (!session) continue;
    if (session.openTurnId !== null) {
      outcomes.set(append, 'busy');
      continue;
    }
    const extended = extend(session, [append.message]);
    moved.set(key, extended.session);
    messages.push(...extended.placed);
    outcomes.set(append, { parentId: session.headId });
  }
  return { sessions: [...moved.values()].filter(({ openTurnId }) => openTurnId === null), messages, outcomes };
}

const keyOf = (tenantId: string, sessionId: string): string => `${tenantId} ${sessionId}`;

/** One event per tenant; it continues the trace of the first message in it. */
export function toEvents(appends: readonly Append[]): OutboxRow[] {
  return [...Map.groupBy(appends, ({ tenantId }) => tenantId)].map(([tenantId, own]) => {
    const messages = own.map(({ sessionId, message }) => toAppended(sessionId, message));
    return outboxRow(messageAppended, tenantId, { messages }, own[0]?.traceparent);
  });
}
