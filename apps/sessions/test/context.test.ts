/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and the gateway. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  noTokens,
  summaryMessage,
  type ContextPolicy,
  type Session,
  type SessionWithMessages,
} from '@parley/contracts';
import { eventually } from '@parley/testing';
import { caller, instance, platform } from './one-instance.js';
import { assistant, broken, part, problem, system, text, user, whole, type Caller } from './sessions-under-test.js';
import { subscribe } from './subscriber.js';

const summarise: ContextPolicy = { kind: 'summarise', model: 'summariser' };
const read = (id: string, by = caller) => by.ok<SessionWithMessages>('GET', `/v1/sessions/${id}`);

const summaryUntil = (until_message_id: string, words = 'Both spoke.', messages = 2) => ({
  ...{ until_message_id, text: words, messages, model: 'summariser-2026' },
  ...{ tokens: { ...noTokens, input: 7 }, cost_usd: '0.0001' },
});

/** A session that is summarised, with a question and its answer in it. */
async function newTalk(request: object = { context: summarise }) {
  const { id } = await caller.newSession({ model: 'a-model', ...request });
  await caller.ask(id, [system('Be brief.'), user('How far?')]);
  const [, , answer] = await caller.messages(id);
  return { id, until: String(answer?.id) };
}

/** A turn in which the beginning is summarised. */
async function summarised(id: string, until: string, words?: string) {
  const opened = await caller.open(id, [user('And the sun?')]);
  const kept = await caller.turn(opened.turnId, 'summary', { lease: opened.lease, ...summaryUntil(until, words) });
  expect(kept.status).toBe(200);
  return opened;
}

const told = summaryMessage('Both spoke.');

describe('what becomes of a conversation that is too long', () => {
  it('is refused unless the session, or else its project, says otherwise', async () => {
    const policyOf = async (request: object) => {
      const { id } = await caller.newSession({ model: 'a-model', ...request });
      return (await caller.open(id, [user('?')])).window?.policy;
    };
    const drop: ContextPolicy = { kind: 'drop_oldest', max_tokens: 1_000 };
    const project = await caller.ok<{ id: string }>('POST', '/v1/projects', { name: 'Moon', context: drop });

    expect(await policyOf({})).toEqual({ kind: 'refuse' });
    expect(await policyOf({ project_id: project.id })).toEqual(drop);
    expect(await policyOf({ project_id: project.id, context: summarise })).toEqual(summarise);
    expect(await caller.ok('PATCH', `/v1/projects/${project.id}`, { context: null })).toMatchObject({ context: null });
    expect(await policyOf({ project_id: project.id })).toEqual({ kind: 'refuse' });
  });

  it('is changed and taken away as other fields are, and is checked', async () => {
    const { id } = await caller.newSession({ context: summarise });
    expect((await read(id)).context).toEqual(summarise);
    const patch = (context: unknown) => caller.call<Session>('PATCH', `/v1/sessions/${id}`, { context });
    expect((await patch({ kind: 'refuse', max_tokens: 5 })).body.context).toEqual({ kind: 'refuse', max_tokens: 5 });
    expect((await patch(null)).body.context).toBeNull();
    for (const wrong of [{ kind: 'summarise' }, { kind: 'forget' }, { kind: 'refuse', max_tokens: 0 }, 'drop_oldest'])
      expect(await patch(wrong)).toMatchObject(problem(400, 'request.invalid'));
  });

  it('is told with what each message is, to who drops or summarises', async () => {
    const { id } = await newTalk();
    const messages = await caller.messages(id);
    const { context, window, turnId } = await caller.open(id, [user('And the sun?')]);

    expect(context).toEqual([system('Be brief.'), user('How far?'), assistant('Far.'), user('And the sun?')]);
    const kinds = ['instructions', 'history', 'history', 'input'] as const;
    const all = [...messages, (await caller.messages(id)).at(-1)];
    expect(window?.parts).toEqual(
      kinds.map((kind, index) => ({
        kind,
        message_id: all[index]?.id,
        turn_id: kind === 'input' ? turnId : messages[0]?.turn_id,
      })),
    );
  });
});

describe('a summary', () => {
  it('is what the turns that follow begin with, and is told with the session', async () => {
    const { id, until } = await newTalk();
    const { turnId, lease } = await summarised(id, until);
    expect((await caller.turn(turnId, 'complete', whole(lease))).status).toBe(200);

    const { context, window } = await caller.open(id, [user('And Mars?')]);

    expect(context).toEqual([
      ...[system('Be brief.'), told, user('And the sun?'), assistant('Far.'), user('And Mars?')],
    ]);
    const { messages, summary } = await read(id);
    const from_message_id = messages.find(({ turn_id }) => turn_id === turnId)?.id;
    expect(window?.cut).toEqual({ kind: 'summarised', messages: 2, model: 'summariser-2026', from_message_id });
    expect(summary).toEqual({ ...summaryUntil(until), created_at: expect.any(String) });
  });

  it('stays when its turn fails, and takes the place of an earlier one of the same message', async () => {
    const { id, until } = await newTalk();
    const { turnId, lease } = await summarised(id, until, 'At first.');
    await caller.turn(turnId, 'interrupt', broken(lease));
    expect((await caller.open(id, [user('Again')])).context[1]).toEqual(summaryMessage('At first.'));
    const other = await newTalk();
    for (const words of ['At first.', 'Both spoke.']) {
      const turn = await summarised(other.id, other.until, words);
      await caller.turn(turn.turnId, 'interrupt', broken(turn.lease));
    }
    expect((await read(other.id)).summary?.text).toBe('Both spoke.');
  });

  it('is given to nobody while the session does something else with what is too long', async () => {
    const { id, until } = await newTalk();
    const { turnId, lease } = await summarised(id, until);
    await caller.turn(turnId, 'complete', whole(lease));
    await caller.ok('PATCH', `/v1/sessions/${id}`, { context: { kind: 'drop_oldest' } });
    expect((await caller.open(id, [user('?')])).context).not.toContainEqual(told);
  });

  it('does not count once the conversation goes on before its message, and counts again when it comes back', async () => {
    const { id, until } = await newTalk();
    const { turnId, lease } = await summarised(id, until);
    await caller.turn(turnId, 'complete', whole(lease));
    const [, question] = await caller.messages(id);
    const first = async () => {
      const turn = await caller.open(id, [user('?')]);
      await caller.turn(turn.turnId, 'interrupt', broken(turn.lease));
      return turn.context[1];
    };

    await caller.ok('POST', `/v1/sessions/${id}/rewind`, { message_id: question?.id });
    expect([await first(), (await read(id)).summary]).toEqual([user('How far?'), null]);
    await caller.ok('POST', `/v1/sessions/${id}/rewind`, { message_id: until });
    expect(await first()).toEqual(told);
  });

  it('goes along into a fork behind its message, and not into one before it', async () => {
    const { id, until } = await newTalk();
    const { turnId, lease } = await summarised(id, until);
    const [, question] = await caller.messages(id);
    const from_message_id = (await caller.messages(id)).at(-1)?.id;
    const cut = { kind: 'summarised', messages: 2, model: 'summariser-2026', from_message_id };
    await caller.turn(turnId, 'complete', { ...whole(lease), context: cut });
    const fork = async (message_id?: string) =>
      read((await caller.ok<Session>('POST', `/v1/sessions/${id}/fork`, { message_id })).id);

    const behind = await fork();
    expect(behind.summary).toMatchObject({ text: 'Both spoke.', until_message_id: behind.messages[2]?.id });
    expect(behind.messages[4]?.context).toEqual({ ...cut, from_message_id: behind.messages[3]?.id });
    expect((await caller.open(behind.id, [user('?')])).context[1]).toEqual(told);
    expect((await fork(question?.id)).summary).toBeNull();
  });

  it.each([
    ['the session', (id: string) => caller.ok('DELETE', `/v1/sessions/${id}`)],
    ['what was said in it', (id: string) => caller.ok('POST', `/v1/sessions/${id}/clear`)],
  ])('is deleted with %s', async (_, gone) => {
    const { id, until } = await newTalk();
    const { turnId, lease } = await summarised(id, until);
    await caller.turn(turnId, 'complete', whole(lease));
    await gone(id);
    expect(await platform.database.query(`select 1 from summaries where session_id = '${id}'`)).toEqual([]);
  });

  it('is kept for who has the lease, of the conversation before the turn, while the turn is open', async () => {
    const { id, until } = await newTalk();
    const other = await newTalk();
    const { turnId, lease } = await caller.open(id, [user('?')]);
    const own = (await caller.messages(id)).at(-1)?.id ?? '';
    const keep = (body: object) => caller.turn(turnId, 'summary', { lease, ...summaryUntil(until), ...body });

    expect(await keep({ lease: `${caller.tenantId}.wrong` })).toMatchObject(problem(404, 'turn.not_found'));
    for (const until_message_id of [own, other.until, randomUUID()])
      expect(await keep({ until_message_id })).toMatchObject(problem(400, 'request.invalid'));
    await caller.turn(turnId, 'complete', whole(lease));
    expect(await keep({})).toMatchObject(problem(409, 'turn.ended'));
    expect((await read(id)).summary).toBeNull();
  });

  it('extends the lease, as it takes a while to be written', async () => {
    const { id, until } = await newTalk();
    const { turnId, lease } = await caller.open(id, [user('?')]);
    const leaseUntil = async () =>
      platform.database.query<{ at: Date }>(`select lease_until as at from turns where id = '${turnId}'`);
    const [before] = await leaseUntil();
    await caller.turn(turnId, 'summary', { lease, ...summaryUntil(until) });
    const [after] = await leaseUntil();
    expect(after?.at.getTime()).toBeGreaterThan(before?.at.getTime() ?? Infinity);
  });

  it('of one tenant is nothing to another', async () => {
    const { id, until } = await newTalk();
    const stranger: Caller = instance.caller();
    const theirs = await stranger.newSession({ model: 'a-model', context: summarise });
    const { turnId, lease } = await stranger.open(theirs.id, [user('?')]);

    const across = await stranger.turn(turnId, 'summary', { lease, ...summaryUntil(until) });

    expect(across).toMatchObject(problem(400, 'request.invalid'));
    expect((await read(id)).summary).toBeNull();
  });
});

it.each(['complete', 'interrupt', 'lease_expired'] as const)(
  'an answer tells what its model was not given, however it ends: %s',
  async (end) => {
    const { id } = await newTalk({ context: { kind: 'drop_oldest' } });
    const { turnId, lease } = await caller.open(id, [user('?')]);
    const from_message_id = (await caller.messages(id)).at(-1)?.id;
    const context = { kind: 'dropped', messages: 2, from_message_id };
    const content = [text('So.')];
    await caller.turn(turnId, 'checkpoint', { ...part(lease, content), context });
    if (end === 'complete') await caller.turn(turnId, end, { ...whole(lease, content), context });
    else if (end === 'interrupt') await caller.turn(turnId, end, { ...broken(lease, content), context });
    else await platform.expire(turnId);

    await eventually(async () => {
      const ended = await platform.database.query(`select 1 from turns where id = '${turnId}' and status <> 'open'`);
      expect(ended).toHaveLength(1);
    });
    expect((await caller.messages(id)).map((message) => message.context)).toEqual([null, null, null, null, context]);
  },
);

it('the event of a turn tells what its model was not given', async () => {
  const subscriber = await subscribe(platform.amqp.url);
  const { id } = await newTalk({ context: { kind: 'drop_oldest' } });
  const { turnId, lease } = await caller.open(id, [user('?')]);
  const context = { kind: 'dropped', messages: 2, from_message_id: (await caller.messages(id)).at(-1)?.id };
  await caller.turn(turnId, 'complete', { ...whole(lease), context });
  await eventually(() => {
    expect(subscriber.of(id)).toContainEqual(expect.objectContaining({ turn_id: turnId, context }));
  });
  await subscriber.close();
});
