import { messageAppended } from '@parley/contracts';
import { outboxRow, type OutboxRow } from '@parley/messaging';
import { extend, refusalOf, type Refusal, type Session } from '../sessions/session.js';
import { toAppended, type NewMessage, type StoredMessage, type TreeMessage } from './message.js';

/** An Idempotency-Key, and what it was sent with. */
export interface AppendKey {
  readonly key: string;
  readonly requestHash: string;
}

/** A message on its way into a session. */
export interface Append {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly message: NewMessage;
  readonly key?: AppendKey | undefined;
  /** Of the call, so that its trace goes on in the services that hear of it. */
  readonly traceparent: string;
}

/** What a message is and where it stands, beside what it says. */
export type Appended = Pick<TreeMessage, 'id' | 'parentId' | 'position' | 'createdAt'>;

/** What was appended under a key before. */
export type KnownAppend = Appended & AppendKey & Pick<Append, 'tenantId' | 'sessionId'>;

/** What became of it: its place, also the one it was given the first time; or why it has none. */
export type Outcome = Appended | Refusal | 'idempotency_key.reused';

interface Placement {
  readonly sessions: readonly Session[];
  readonly messages: readonly StoredMessage[];
  /** Those whose messages these are. */
  readonly added: readonly Append[];
  readonly outcomes: ReadonlyMap<Append, Outcome>;
}

/** Places each message in its session, one after the other; those whose session is not given have no outcome. */
export function place(
  appends: readonly Append[],
  sessions: readonly Session[],
  known: readonly KnownAppend[] = [],
): Placement {
  const outcomes = new Map<Append, Outcome>();
  const messages: StoredMessage[] = [];
  const added: Append[] = [];
  const given = new Map(sessions.map((session) => [keyOf(session.tenantId, session.id), session]));
  const moved = new Map<string, Session>();
  const byKey = new Map(known.map((one) => [keyOf(one.tenantId, one.sessionId, one.key), one]));
  for (const append of appends) {
    const { tenantId, sessionId, message, key } = append;
    const of = keyOf(tenantId, sessionId);
    const session = moved.get(of) ?? given.get(of);
    if (!session) continue;
    const before = key && byKey.get(keyOf(tenantId, sessionId, key.key));
    const outcome = before ? repeated(before, key) : refusalOf(session, [message]);
    if (outcome) {
      outcomes.set(append, outcome);
      continue;
    }
    const extended = extend(session, [message]);
    moved.set(of, extended.session);
    messages.push(...extended.placed);
    added.push(append);
    const appended = { ...message, parentId: session.headId, position: session.nextPosition };
    outcomes.set(append, appended);
    if (key) byKey.set(keyOf(tenantId, sessionId, key.key), { ...appended, ...key, tenantId, sessionId });
  }
  return { sessions: [...moved.values()], messages, added, outcomes };
}

const repeated = (before: KnownAppend, { requestHash }: AppendKey): Outcome =>
  before.requestHash === requestHash ? before : 'idempotency_key.reused';

const keyOf = (...parts: readonly string[]): string => parts.join(' ');

/** One event per tenant; it continues the trace of the first message in it. */
export function toEvents(appends: readonly Append[]): OutboxRow[] {
  return [...Map.groupBy(appends, ({ tenantId }) => tenantId)].map(([tenantId, own]) => {
    const messages = own.map(({ sessionId, message }) => toAppended(sessionId, message));
    return outboxRow(messageAppended, tenantId, { messages }, own[0]?.traceparent);
  });
}
