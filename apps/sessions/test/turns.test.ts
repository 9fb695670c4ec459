/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: the auth service, the gateway. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SessionWithMessages } from '@parley/contracts';
import {
  assistant,
  newServers,
  problem,
  startSessions,
  system,
  text,
  user,
  whole,
  type Caller,
  type RunningSessions,
  type Servers,
} from './sessions-under-test.js';

let servers: Servers;
let sessions: RunningSessions;
let caller: Caller;

beforeAll(async () => {
  servers = await newServers();
  sessions = await startSessions(servers);
  caller = sessions.caller();
}, 60_000);

afterAll(async () => {
  await sessions.stop();
  await servers.close();
});

const read = (id: string) => caller.ok<SessionWithMessages>('GET', `/v1/sessions/${id}`);

describe('a turn', () => {
  it('is opened with the whole conversation, and its answer is in the next one', async () => {
    const { id } = await caller.newSession();
    expect((await caller.open(id, [user('How far is the moon?')], randomUUID())).context).toEqual([
      user('How far is the moon?'),
    ]);
  });

  it('keeps question and answer, with what the answer took', async () => {
    const { id } = await caller.newSession();
    const turnId = await caller.turn(id, [system('Be brief.'), user('How far?')], [text('Far.')]);

    const { messages } = await read(id);

    expect(messages.map(({ role, content }) => ({ role, content }))).toEqual([
      system('Be brief.'),
      user('How far?'),
      assistant('Far.'),
    ]);
    expect(messages[2]).toMatchObject({
      parent_id: messages[1]?.id,
      turn_id: turnId,
      status: 'complete',
      model: 'a-model-2026',
      tokens: { input: 3, output: 2 },
      stop: { reason: 'end' },
    });
    const next = await caller.open(id, [user('And the sun?')]);
    expect(next.context).toEqual([system('Be brief.'), user('How far?'), assistant('Far.'), user('And the sun?')]);
  });

  it('holds the session: another is refused until it has ended', async () => {
    const { id } = await caller.newSession();
    const turnId = randomUUID();
    const { lease } = await caller.open(id, [user('1')], turnId);

    const refused = await caller.call('POST', `/internal/sessions/${id}/turns`, {
      turn_id: randomUUID(),
      request_id: 'request',
      input: [user('2')],
    });
    expect(refused).toMatchObject(problem(409, 'session.busy'));
    expect(refused.headers.get('retry-after')).toBe('1');

    await caller.ok('POST', `/internal/turns/${turnId}/complete`, whole(lease));
    await caller.open(id, [user('2')]);
  });
});
