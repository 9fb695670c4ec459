/**
 * What sessions are, without a database: trees of messages, each of which is known by its label, and the turns in them.
 * Written to be plainly right rather than fast: every step copies what it changes.
 */
export interface Node {
  readonly parent: string | null;
  readonly role: 'user' | 'assistant';
  readonly status: 'complete' | 'interrupted';
  readonly text: string;
  readonly turn: string | null;
}

export interface Session {
  readonly archived: boolean;
  /** In the order in which they came. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** The conversation: labels with their positions. */
  readonly path: readonly (readonly [label: string, position: number])[];
  readonly nextPosition: number;
  readonly openTurn: string | null;
  readonly keys: ReadonlyMap<string, string>;
  readonly forkedFrom: readonly [session: string, message: string | null] | null;
}

export interface Turn {
  readonly session: string;
  readonly status: 'open' | 'completed' | 'interrupted';
  readonly reason: 'lease_expired' | 'failed' | 'cancelled' | null;
  readonly base: string | null;
  readonly answer: string | null;
  readonly stopping: boolean;
}

export interface World {
  readonly sessions: ReadonlyMap<string, Session>;
  readonly turns: ReadonlyMap<string, Turn>;
}

export const emptyWorld: World = { sessions: new Map(), turns: new Map() };
export const emptySession: Session = {
  archived: false,
  nodes: new Map(),
  path: [],
  nextPosition: 0,
  openTurn: null,
  keys: new Map(),
  forkedFrom: null,
};

export const headOf = ({ path }: Session): string | null => path.at(-1)?.[0] ?? null;

/** From the first message of its branch down to this one. */
function pathTo({ nodes }: Session, label: string): string[] {
  const labels: string[] = [];
  for (let at: string | null = label; at !== null; at = nodes.get(at)?.parent ?? null) labels.unshift(at);
  return labels;
}

/** Hangs a message on the head. */
export function hang(session: Session, label: string, node: Omit<Node, 'parent'>): Session {
  return {
    ...session,
    nodes: new Map(session.nodes).set(label, { ...node, parent: headOf(session) }),
    path: [...session.path, [label, session.nextPosition]],
    nextPosition: session.nextPosition + 1,
  };
}

/** The conversation ends with this message; those that were left behind until now get new positions. */
export function moveTo(session: Session, label: string | null): Session {
  const standing = new Map(session.path);
  let { nextPosition } = session;
  const path = (label === null ? [] : pathTo(session, label)).map(
    (one) => [one, standing.get(one) ?? nextPosition++] as const,
  );
  return { ...session, path, nextPosition };
}

/** A session of its own with the path to this message. */
export function copyOf(session: Session, label: string | null): Session {
  const labels = label === null ? [] : pathTo(session, label);
  return {
    ...emptySession,
    nodes: new Map(labels.map((one) => [one, session.nodes.get(one) as Node])),
    path: labels.map((one, position) => [one, position]),
    nextPosition: labels.length,
  };
}

/** What the turn said leaves the conversation. */
export function leaveBehind(session: Session, turn: string, base: string | null): Session {
  const path = session.path.filter(([label]) => session.nodes.get(label)?.turn !== turn);
  if ((path.at(-1)?.[0] ?? null) !== base) throw new Error('a turn ended somewhere else than it began');
  return { ...session, path };
}

export const withSession = (world: World, label: string, session: Session): World => ({
  ...world,
  sessions: new Map(world.sessions).set(label, session),
});

export const withTurn = (world: World, label: string, turn: Turn): World => ({
  ...world,
  turns: new Map(world.turns).set(label, turn),
});

/** Without the turns of a session, as when it is cleared or deleted. */
export const withoutTurnsOf = (world: World, session: string): World => ({
  ...world,
  turns: new Map([...world.turns].filter(([, turn]) => turn.session !== session)),
});
