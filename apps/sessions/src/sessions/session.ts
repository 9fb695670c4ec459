import type { Session as SessionView } from '@parley/contracts';

/** A session as stored. Its row is the lock of its conversation: who changes a message holds it. */
export interface Session {
  readonly tenantId: string;
  readonly id: string;
  readonly projectId: string | null;
  readonly name: string | null;
  readonly model: string | null;
  /** The newest message of the conversation, on which the next one hangs. */
  readonly headId: string | null;
  readonly nextPosition: number;
  /** The turn that holds the session; until it ends there is no other, and no message from anybody else. */
  readonly openTurnId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Where a message stands: below its parent in the session's tree, and so far along the conversation. */
export interface Place {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly parentId: string | null;
  readonly position: number;
}

/** Hangs messages on the head, one below the other. */
export function extend<T extends { readonly id: string }>(
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
  return { session: { ...session, headId, nextPosition: session.nextPosition + messages.length }, placed };
}

export const toSession = (session: Session): SessionView => ({
  id: session.id,
  name: session.name,
  model: session.model,
  project_id: session.projectId,
  created_at: session.createdAt.toISOString(),
  updated_at: session.updatedAt.toISOString(),
});
