import type { Block } from '@parley/contracts';
import { bytesOf } from '../../src/messages/message.js';
import { labelOf, textOf, type Tenant } from './instances.js';
import { headOf, type Session, type World } from './tree.js';

/** Everything that a tenant's sessions are, in words that the model and the database have in common. */
export type View = Readonly<Record<string, unknown>>;

/** By the model. */
export function viewOf({ sessions, turns }: World): View {
  const ofSessions = [...sessions].map(([label, session]) => [label, viewOfSession(session)] as const);
  const ofTurns = [...turns].map(
    ([label, { session, status, reason }]) => [label, { session, status, reason }] as const,
  );
  return { sessions: sorted(ofSessions), turns: sorted(ofTurns) };
}

function viewOfSession(session: Session) {
  const positions = new Map(session.path);
  const inConversation = session.path.map(([label]) => session.nodes.get(label)?.text ?? '');
  return {
    archived: session.archived,
    head: headOf(session),
    next: session.nextPosition,
    bytes: sizeOf(inConversation),
    treeBytes: sizeOf([...session.nodes.values()].map(({ text }) => text)),
    openTurn: session.openTurn,
    forkedFrom: session.forkedFrom,
    tree: [...session.nodes].map(([label, { parent, role, status, text, turn }]) => ({
      ...{ label, parent, role, status, text, turn, position: positions.get(label) ?? null },
    })),
  };
}

const sizeOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + bytesOf({ content: textOf(text) }), 0);

interface SessionRow {
  readonly id: string;
  readonly archived: boolean;
  readonly head: string | null;
  readonly next: number;
  readonly bytes: number;
  readonly left: number;
  readonly open: string | null;
  readonly from: string | null;
  readonly at: string | null;
}
interface MessageRow {
  readonly session: string;
  readonly id: string;
  readonly parent: string | null;
  readonly position: number | null;
  readonly role: string;
  readonly status: string;
  readonly content: Block[];
  readonly turn: string | null;
}

/** By the database; a row that the model cannot know of is under its id. */
export async function viewIn(tenant: Tenant): Promise<View> {
  const [sessions, messages, turns] = await Promise.all([
    tenant.query<SessionRow>(
      `select id, status = 'archived' as archived, head_id as head, next_position as next, bytes, left_bytes as left,
         open_turn_id as open,
         forked_session_id as "from", forked_message_id as at from sessions where tenant_id = $1`,
      [tenant.id],
    ),
    tenant.query<MessageRow>(
      `select session_id as session, id, parent_id as parent, position, role, status, body->'content' as content,
         turn_id as turn from messages where tenant_id = $1 order by seq, id`,
      [tenant.id],
    ),
    tenant.query<{ id: string; session: string; status: string; reason: string | null }>(
      'select id, session_id as session, status, reason from turns where tenant_id = $1',
      [tenant.id],
    ),
  ]);
  const [sessionOf, turnOf] = [namesOf(tenant.sessions), namesOf(mapValues(tenant.turns, ({ id }) => id))];
  for (const { session, id, content } of messages) {
    tenant.messages.set(`${sessionOf(session)} ${labelOf(content)}`, id);
    tenant.labels.set(id, labelOf(content));
  }
  // A message may come, be forked from, and go at the same time: its copy says which it was.
  for (const { at, head } of sessions)
    if (at !== null && head !== null && !tenant.labels.has(at)) tenant.labels.set(at, tenant.labels.get(head) ?? at);
  const messageOf = (id: string | null) => (id === null ? null : (tenant.labels.get(id) ?? id));
  const treeOf = (id: string) =>
    messages
      .filter(({ session }) => session === id)
      .map(({ id: own, parent, role, status, content, turn, position }) => ({
        ...{ label: messageOf(own), parent: messageOf(parent), role, status, text: textIn(content) },
        ...{ turn: turnOf(turn), position },
      }));
  return {
    sessions: sorted(
      sessions.map(({ id, archived, head, next, bytes, left, open, from, at }) => [
        sessionOf(id) ?? id,
        {
          ...{ archived, head: messageOf(head), next, bytes, treeBytes: bytes + left, openTurn: turnOf(open) },
          ...{ forkedFrom: from === null ? null : [sessionOf(from), messageOf(at)], tree: treeOf(id) },
        },
      ]),
    ),
    turns: sorted(
      turns.map(({ id, session, status, reason }) => [
        turnOf(id) ?? id,
        { session: sessionOf(session), status, reason },
      ]),
    ),
  };
}

const sorted = (entries: readonly (readonly [string, unknown])[]) =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));

const textIn = (content: readonly Block[]) => content.map((block) => (block.type === 'text' ? block.text : '?')).join();

const mapValues = <T, U>(map: ReadonlyMap<string, T>, fn: (value: T) => U) =>
  new Map([...map].map(([key, value]) => [key, fn(value)]));

/** Labels by id. */
function namesOf(ids: ReadonlyMap<string, string>) {
  const names = new Map([...ids].map(([label, id]) => [id, label]));
  return (id: string | null) => (id === null ? null : (names.get(id) ?? id));
}
