import { describe, expect, it } from '@jest/globals';
import { maxConversationBytes, type Session } from '../sessions/session.js';
import { place, toEvents, type Append } from './append.js';
import { said } from './message.js';

const [acme, globex, one, two] = [1, 2, 3, 4].map((n) => `0198c0de-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
  string,
];
const session = (changes: Partial<Session> = {}): Session => ({
  tenantId: acme,
  id: one,
  projectId: null,
  name: null,
  model: null,
  tags: [],
  concurrency: null,
  context: null,
  status: 'active',
  headId: 'head',
  nextPosition: 7,
  bytes: 0,
  leftBytes: 0,
  openTurnId: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  lastActiveAt: new Date(0),
  archivedAt: null,
  forkedSessionId: null,
  forkedMessageId: null,
  ...changes,
});
const append = (sessionId = one, tenantId = acme, traceparent = 'trace'): Append => ({
  tenantId,
  sessionId,
  traceparent,
  message: said({ role: 'user', content: [{ type: 'text', text: 'x' }] }, null),
});

describe('placing', () => {
  it('hangs the messages of a session one below the other, behind its head', () => {
    const [a, b] = [append(), append()];
    const { messages, sessions, outcomes } = place([a, append(two), b], [session()]);

    expect(messages).toMatchObject([
      { id: a.message.id, parentId: 'head', position: 7 },
      { id: b.message.id, parentId: a.message.id, position: 8 },
    ]);
    expect(sessions).toMatchObject([{ headId: b.message.id, nextPosition: 9 }]);
    expect(outcomes.get(b)).toMatchObject({ parentId: a.message.id, position: 8 });
  });

  it('leaves a session that a turn holds as it is', () => {
    const a = append();
    const placed = place([a], [session({ openTurnId: 'turn' })]);
    expect(placed).toEqual({ sessions: [], messages: [], added: [], outcomes: new Map([[a, 'session.busy']]) });
  });

  it('goes on until the conversation is full, and leaves what is over', () => {
    const [a, b] = [append(), append()];
    const { messages, sessions, outcomes } = place(
      [a, b],
      [session({ bytes: maxConversationBytes - a.message.bytes })],
    );
    expect(messages.map(({ id }) => id)).toEqual([a.message.id]);
    expect(sessions).toMatchObject([{ headId: a.message.id, bytes: maxConversationBytes }]);
    expect(outcomes.get(b)).toBe('session.too_long');
  });

  it('gives a key to one message, and its place to who sends it again', () => {
    const keyed = (key: string, requestHash: string) => ({ ...append(), key: { key, requestHash } });
    const known = {
      ...append(),
      id: 'then',
      key: 'a',
      requestHash: '1',
      parentId: null,
      position: 0,
      createdAt: new Date(0),
    };
    const [again, other, b, bAgain, bOther] = [
      ['a', '1'],
      ['a', '2'],
      ['b', '1'],
      ['b', '1'],
      ['b', '2'],
    ].map(([key = '', requestHash = '']) => keyed(key, requestHash)) as [Append, Append, Append, Append, Append];

    const { messages, added, outcomes } = place([again, other, b, bAgain, bOther], [session()], [known]);

    expect(added).toEqual([b]);
    expect(messages.map(({ id }) => id)).toEqual([b.message.id]);
    expect([...outcomes.values()]).toMatchObject([
      { id: 'then', position: 0 },
      'idempotency_key.reused',
      { id: b.message.id, position: 7 },
      { id: b.message.id, position: 7 },
      'idempotency_key.reused',
    ]);
  });

  it('puts nothing into the session of another tenant, even by its id', () => {
    const foreign = append(one, globex);
    expect(place([foreign], [session()])).toMatchObject({ messages: [], outcomes: new Map() });
  });
});

it('a tenant hears of its messages by one event, in the trace of the first', () => {
  const [a, b, c] = [append(one, acme, 'first'), append(two, acme, 'second'), append(one, globex, 'third')];
  const events = toEvents([a, b, c]);
  expect(events).toMatchObject([
    { tenantId: acme, entries: 2, traceparent: 'first' },
    { tenantId: globex, entries: 1, traceparent: 'third' },
  ]);
  expect(JSON.parse(events[0]?.data ?? '')).toEqual({
    messages: [
      { id: a.message.id, session_id: one, turn_id: null, role: 'user' },
      { id: b.message.id, session_id: two, turn_id: null, role: 'user' },
    ],
  });
});
