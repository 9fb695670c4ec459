import fc from 'fast-check';
import type { Operation } from './operations.js';
import type { World } from './tree.js';

/** What fast-check shrinks: numbers that stand for one of the sessions, messages and turns that are there when it is done. */
export interface Choice {
  readonly kind: Operation['kind'] | 'append once' | 'open again';
  readonly session: number;
  readonly other: number;
  readonly more: number;
}

/** The model as it is, and how many labels were given. */
export interface Known {
  world: World;
  labels: number;
}

interface Chosen {
  readonly known: Known;
  readonly session: string;
  readonly turn: string;
  readonly other: number;
  readonly more: number;
  /** One of the session's messages. */
  readonly message: string;
  /** What has come of the turn's answer. */
  readonly words: string;
  readonly fresh: (prefix: string) => string;
}

const ways: { readonly [K in Choice['kind']]: readonly [weight: number, make: (chosen: Chosen) => Operation] } = {
  create: [1, ({ fresh }) => ({ kind: 'create', session: fresh('s') })],
  append: [7, ({ session, fresh }) => ({ kind: 'append', session, label: fresh('m') })],
  'append once': [
    4,
    ({ session, other, more }) => ({
      ...{ kind: 'append', session, key: `k${more % 2}` },
      label: `k${more % 2}${other % 3 === 0 ? 'x' : 'y'}@${session}`,
    }),
  ],
  fork: [
    3,
    ({ session, message, more, fresh }) => ({
      kind: 'fork',
      session,
      as: fresh('s'),
      ...(more > 0 && { at: message }),
    }),
  ],
  rewind: [5, ({ session, message, other }) => ({ kind: 'rewind', session, to: other === 0 ? null : message })],
  clear: [1, ({ session }) => ({ kind: 'clear', session })],
  archive: [1, ({ session }) => ({ kind: 'archive', session })],
  restore: [2, ({ session }) => ({ kind: 'restore', session })],
  delete: [1, ({ session }) => ({ kind: 'delete', session })],
  open: [
    6,
    ({ session, more, fresh }) => ({
      ...{ kind: 'open', session, turn: fresh('t') },
      questions: Array.from({ length: 1 + (more % 2) }, () => fresh('q')),
    }),
  ],
  'open again': [
    1,
    ({ known, session, turn, more, fresh }) => ({
      ...{ kind: 'open', turn, questions: [fresh('q')] },
      session: more > 2 ? session : (known.world.turns.get(turn)?.session ?? session),
    }),
  ],
  checkpoint: [4, ({ turn, words }) => ({ kind: 'checkpoint', turn, words })],
  complete: [4, ({ turn, words }) => ({ kind: 'complete', turn, words: words || `${turn}a:` })],
  interrupt: [
    3,
    ({ turn, words, other }) => ({ kind: 'interrupt', turn, words, reason: other % 2 ? 'failed' : 'cancelled' }),
  ],
  stop: [2, ({ session, turn, more }) => ({ kind: 'stop', session, ...(more > 1 && { turn }) })],
  lose: [2, ({ turn }) => ({ kind: 'lose', turn })],
};

export const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.oneof(
    ...Object.entries(ways).map(([kind, [weight]]) => ({ weight, arbitrary: fc.constant(kind as Choice['kind']) })),
  ),
  session: fc.nat(2),
  other: fc.nat(20),
  more: fc.nat(3),
});

/** Fills in the labels. The latest turns are the interesting ones. */
export function operationOf(known: Known, { kind, session: number, other, more }: Choice): Operation {
  const { sessions, turns } = known.world;
  const session = among([...sessions.keys()], number);
  const turn = among([...turns.keys()].toReversed(), other % 3);
  const message = among([...(sessions.get(session)?.nodes.keys() ?? [])], other);
  const words = more === 0 ? '' : `${turn}a:${'.'.repeat(other)}`;
  const fresh = (prefix: string) => `${prefix}${known.labels++}`;
  return ways[kind][1]({ known, session, turn, other, more, message, words, fresh });
}

/** One of those that are there, or the label of nothing. */
const among = (labels: readonly string[], index: number): string =>
  labels[index % Math.max(labels.length, 1)] ?? 'none';
