import { messageAppended } from '@parley/contracts';
import { outboxRow, type OutboxRow } from '@parley/messaging';
import { extend, refusalOf, type Refusal, type Session } from '../sessions/session.js';
import { toAppended, type NewMessage, type StoredMessage } from './message.js';

/** A message on its way into a session. */
export interface Append {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly message: NewMessage;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

/** What became of it: its place, or why it has none. */
export type Outcome = Pick<StoredMessage, 'parentId' | 'position'> | Refusal;

interface Placement {
  readonly sessions: readonly Session[];
  readonly messages: readonly StoredMessage[];
  readonly outcomes: ReadonlyMap<Append, Outcome>;
}

/** Places each message in its session, one after the other; those whose session is not given have no outcome. */
export function place(appends: readonly Append[], sessions: readonly Session[]): Placement {
  const outcomes = new Map<Append, Outcome>();
  const messages: StoredMessage[] = [];
  const given = new Map(sessions.map((session) => [keyOf(session.tenantId, session.id), session]));
  const moved = new Map<string, Session>();
  for (const append of appends) {
    const key = keyOf(append.tenantId, append.sessionId);
    const session = moved.get(key) ?? given.get(key);
    if (!session) continue;
    const refusal = refusalOf(session, [append.message]);
    if (refusal) {
      outcomes.set(append, refusal);
      continue;
    }
    const extended = extend(session, [append.message]);
    moved.set(key, extended.session);
    messages.push(...extended.placed);
    outcomes.set(append, { parentId: session.headId, position: session.nextPosition });
  }
  return { sessions: [...moved.values()], messages, outcomes };
}

const keyOf = (tenantId: string, sessionId: string): string => `${tenantId} ${sessionId}`;

/** One event per tenant; it continues the trace of the first message in it. */
export function toEvents(appends: readonly Append[]): OutboxRow[] {
  return [...Map.groupBy(appends, ({ tenantId }) => tenantId)].map(([tenantId, own]) => {
    const messages = own.map(({ sessionId, message }) => toAppended(sessionId, message));
    return outboxRow(messageAppended, tenantId, { messages }, own[0]?.traceparent);
  });
}
