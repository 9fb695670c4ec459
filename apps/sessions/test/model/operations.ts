import {
  copyOf,
  emptySession,
  hang,
  headOf,
  leaveBehind,
  moveTo,
  withoutTurnsOf,
  withSession,
  withTurn,
  type Session,
  type Turn,
  type World,
} from './tree.js';

/** What is done to sessions. Sessions, turns and messages are called by labels; the words of a message begin with its own. */
export type Operation =
  | { readonly kind: 'create'; readonly session: string }
  | { readonly kind: 'append'; readonly session: string; readonly label: string; readonly key?: string }
  | { readonly kind: 'fork'; readonly session: string; readonly at?: string; readonly as: string }
  | { readonly kind: 'rewind'; readonly session: string; readonly to: string | null }
  | { readonly kind: 'clear' | 'archive' | 'restore' | 'delete'; readonly session: string }
  | { readonly kind: 'open'; readonly session: string; readonly turn: string; readonly questions: readonly string[] }
  | { readonly kind: 'checkpoint' | 'complete'; readonly turn: string; readonly words: string }
  | {
      readonly kind: 'interrupt';
      readonly turn: string;
      readonly words: string;
      readonly reason: 'failed' | 'cancelled';
    }
  | { readonly kind: 'stop'; readonly session: string; readonly turn?: string }
  | { readonly kind: 'lose'; readonly turn: string };

/** An error code, or what was answered: `ok` where there is nothing to tell. */
export type Result = string;

type Step<K extends Operation['kind']> = (
  world: World,
  operation: Extract<Operation, { kind: K }>,
) => readonly [World, Result];

/** Does it to the model. */
export function apply(world: World, operation: Operation): readonly [World, Result] {
  return (steps[operation.kind] as Step<Operation['kind']>)(world, operation);
}

/** As `step`, of a session that is there. */
const inSession =
  <O extends { readonly session: string }>(
    step: (world: World, session: Session, operation: O) => readonly [World, Result],
  ) =>
  (world: World, operation: O): readonly [World, Result] => {
    const session = world.sessions.get(operation.session);
    return session ? step(world, session, operation) : [world, 'session.not_found'];
  };

const closed = ({ archived, openTurn }: Session): Result | undefined => {
  if (archived) return 'session.archived';
  return openTurn === null ? undefined : 'session.busy';
};

const said = { role: 'user', status: 'complete' } as const;

/** What has come of an answer, in its place or behind the question; words that are none change nothing. */
function answer(world: World, label: string, turn: Turn, words: string, status: 'complete' | 'interrupted'): World {
  if (words === '') return world;
  const session = world.sessions.get(turn.session) as Session;
  const node = { role: 'assistant', status, text: words, turn: label } as const;
  if (turn.answer === null) {
    const answered = hang(session, `${label}a`, node);
    return withTurn(withSession(world, turn.session, answered), label, { ...turn, answer: `${label}a` });
  }
  const before = session.nodes.get(turn.answer);
  const nodes = new Map(session.nodes).set(turn.answer, { ...node, parent: before?.parent ?? null });
  return withSession(world, turn.session, { ...session, nodes });
}

function end(world: World, label: string, ended: Pick<Turn, 'status' | 'reason'>): World {
  const turn = { ...(world.turns.get(label) as Turn), ...ended };
  const session = { ...(world.sessions.get(turn.session) as Session), openTurn: null };
  const undone = turn.reason === 'failed' && turn.answer === null;
  const left = undone ? leaveBehind(session, label, turn.base) : session;
  return withSession(withTurn(world, label, turn), turn.session, left);
}

const toggle = (archived: boolean) =>
  inSession<{ readonly session: string }>((world, session, { session: label }) => [
    withSession(world, label, { ...session, archived }),
    'ok',
  ]);

const steps: { readonly [K in Operation['kind']]: Step<K> } = {
  create: (world, { session }) => [withSession(world, session, emptySession), 'ok'],

  append: inSession((world, session, { session: of, label, key }) => {
    const before = key === undefined ? undefined : session.keys.get(key);
    if (before !== undefined) return [world, before === label ? label : 'idempotency_key.reused'];
    const refused = closed(session);
    if (refused) return [world, refused];
    const hung = hang(session, label, { ...said, text: label, turn: null });
    const keys = key === undefined ? hung.keys : new Map(hung.keys).set(key, label);
    return [withSession(world, of, { ...hung, keys }), label];
  }),

  fork: inSession((world, session, { session: from, at = headOf(session), as }) => {
    if (session.openTurn !== null) return [world, 'session.busy'];
    if (at !== null && !session.nodes.has(at)) return [world, 'message.not_found'];
    return [withSession(world, as, { ...copyOf(session, at), forkedFrom: [from, at] }), 'ok'];
  }),

  rewind: inSession((world, session, { session: label, to }) => {
    const refused = closed(session);
    if (refused) return [world, refused];
    if (to !== null && !session.nodes.has(to)) return [world, 'message.not_found'];
    return [withSession(world, label, moveTo(session, to)), 'ok'];
  }),

  clear: inSession((world, session, { session: label }) => {
    const refused = closed(session);
    if (refused) return [world, refused];
    const empty = { ...session, nodes: new Map(), path: [], keys: new Map() };
    return [withSession(withoutTurnsOf(world, label), label, empty), 'ok'];
  }),

  archive: toggle(true),
  restore: toggle(false),

  delete: inSession((world, _, { session }) => {
    const sessions = new Map(world.sessions);
    sessions.delete(session);
    return [withoutTurnsOf({ ...world, sessions }, session), 'ok'];
  }),

  open: inSession((world, session, { session: of, turn, questions }) => {
    const known = world.turns.get(turn);
    if (known && known.session !== of) return [world, 'request.invalid'];
    if (known) return [world, known.status === 'open' ? 'ok' : 'turn.ended'];
    const refused = closed(session);
    if (refused) return [world, refused];
    const asked = questions.reduce((at, text) => hang(at, text, { ...said, text, turn }), session);
    const opened = { session: of, status: 'open', reason: null, base: headOf(session), answer: null, stopping: false };
    return [withTurn(withSession(world, of, { ...asked, openTurn: turn }), turn, opened as Turn), 'ok'];
  }),

  checkpoint: (world, { turn: label, words }) => {
    const turn = world.turns.get(label);
    if (!turn) return [world, 'turn.not_found'];
    if (turn.status !== 'open') return [world, 'turn.ended'];
    return [answer(world, label, turn, words, 'interrupted'), turn.stopping ? 'stopping' : 'ok'];
  },

  complete: (world, { turn: label, words }) => {
    const turn = world.turns.get(label);
    if (!turn) return [world, 'turn.not_found'];
    if (turn.status !== 'open') return [world, turn.status === 'completed' ? 'ok' : 'turn.ended'];
    const answered = answer(world, label, turn, words, 'complete');
    return [end(answered, label, { status: 'completed', reason: null }), 'ok'];
  },

  interrupt: (world, { turn: label, words, reason }) => {
    const turn = world.turns.get(label);
    if (!turn) return [world, 'turn.not_found'];
    if (turn.status !== 'open') return [world, turn.status === 'interrupted' ? 'ok' : 'turn.ended'];
    const answered = answer(world, label, turn, words, 'interrupted');
    return [end(answered, label, { status: 'interrupted', reason }), 'ok'];
  },

  stop: inSession((world, { openTurn }, { turn = openTurn }) => {
    const running = openTurn !== null && turn === openTurn && world.turns.get(openTurn);
    if (!running) return [world, 'turn.not_running'];
    return [withTurn(world, openTurn, { ...running, stopping: true }), openTurn];
  }),

  lose: (world, { turn: label }) => {
    const turn = world.turns.get(label);
    if (turn?.status !== 'open') return [world, 'ok'];
    const reason = turn.stopping ? 'cancelled' : 'lease_expired';
    return [end(world, label, { status: 'interrupted', reason }), 'ok'];
  },
};
