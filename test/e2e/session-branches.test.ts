import { describe, expect, it } from '@jest/globals';
import type { Session, SessionMessage } from '@parley/contracts';
import { anthropic, call, demoKey, model, openai } from './platform.js';
import { rejection } from './questions.js';
import { sessionCaller, wordsOf } from './session-caller.js';

const { ok, refused, newSession, append, messages, tree, ask } = sessionCaller(demoKey);

type Ids = readonly [string, string, string, string];

/** A session with two questions and their answers, by their ids. */
async function talk(): Promise<{ id: string; ids: Ids }> {
  const id = await newSession({ name: 'Distances', model });
  await ask(id, 'The moon?');
  await ask(id, 'The sun?');
  return { id, ids: (await messages(id)).map((one) => one.id) as unknown as Ids };
}

const questions = (said: readonly SessionMessage[]) => said.filter(({ role }) => role === 'user').map(wordsOf);
const rewind = (id: string, message_id: string | null) =>
  ok<Session>('POST', `/v1/sessions/${id}/rewind`, { message_id });
const fork = (id: string, body: object = {}) => ok<Session>('POST', `/v1/sessions/${id}/fork`, body);

// The offline model says which turn of the conversation it was given.
const second = expect.stringContaining('This is turn 2 of') as unknown;
const third = expect.stringContaining('This is turn 3 of') as unknown;
const first = expect.not.stringContaining('This is turn') as unknown;

describe('a fork', () => {
  it('and what it was made of go on by themselves, each answered with what was said in it alone', async () => {
    const { id, ids } = await talk();

    const made = await fork(id, { message_id: ids[1], name: 'Otherwise' });

    expect(made).toMatchObject({ name: 'Otherwise', model, forked_from: { session_id: id, message_id: ids[1] } });
    const body = { model, max_tokens: 500, messages: [{ role: 'user' as const, content: 'Mars?' }] };
    const { content } = await anthropic().messages.create(body, { headers: { 'x-parley-session': made.id } });
    expect(content).toEqual([expect.objectContaining({ text: second })]);
    expect(await ask(id, 'Venus?')).toEqual(third);
    const [source, copy] = [await messages(id), await messages(made.id)];
    expect([questions(source), questions(copy)]).toEqual([
      ['The moon?', 'The sun?', 'Venus?'],
      ['The moon?', 'Mars?'],
    ]);
    expect(copy.map((one) => one.id).filter((one) => source.some((other) => other.id === one))).toEqual([]);
    const { content: said, model: by, tokens } = source[1] as SessionMessage;
    expect(copy[1]).toMatchObject({ content: said, model: by, tokens });
  });

  it('is of the whole conversation unless it says how much, of any branch, and there when its source is gone', async () => {
    const { id, ids } = await talk();
    await rewind(id, ids[1]);

    const [whole, left] = [await fork(id), await fork(id, { message_id: ids[3] })];
    await ok('DELETE', `/v1/sessions/${id}`);

    expect(whole).toMatchObject({ name: 'Distances', forked_from: { session_id: id, message_id: ids[1] } });
    expect(questions(await messages(whole.id))).toEqual(['The moon?']);
    expect(questions(await messages(left.id))).toEqual(['The moon?', 'The sun?']);
    expect(await ask(left.id, 'Mars?')).toEqual(third);
    expect(await ok('GET', `/v1/sessions/${left.id}`)).toMatchObject({ forked_from: left.forked_from });
  });
});

describe('a rewound session', () => {
  it('goes on behind the message, and keeps what came later on a branch of its own', async () => {
    const { id, ids } = await talk();

    expect(await rewind(id, ids[1])).toMatchObject({ id });
    expect(await ask(id, 'Mars?')).toEqual(second);

    const all = await tree(id);
    const [mars, answer] = all.slice(4).map((one) => one.id);
    expect(all.map((one) => [one.id, one.parent_id, one.in_conversation])).toEqual([
      [ids[0], null, true],
      [ids[1], ids[0], true],
      [ids[2], ids[1], false],
      [ids[3], ids[2], false],
      [mars, ids[1], true],
      [answer, mars, true],
    ]);
    expect(await tree(id, 2)).toEqual(all);
    expect(await messages(id)).toEqual(all.filter((one) => one.in_conversation));
  });

  it('goes on on the branch that was left, and on a new one before its first message', async () => {
    const { id, ids } = await talk();
    await rewind(id, ids[1]);
    await ask(id, 'Mars?');

    await rewind(id, ids[3]);
    expect(await ask(id, 'Venus?')).toEqual(third);
    expect(questions(await messages(id))).toEqual(['The moon?', 'The sun?', 'Venus?']);

    await rewind(id, null);
    expect(await ask(id, 'Pluto?')).toEqual(first);
    expect(questions(await messages(id))).toEqual(['Pluto?']);
    expect(questions(await tree(id))).toEqual(['The moon?', 'The sun?', 'Mars?', 'Venus?', 'Pluto?']);
  });
});

it('a cleared session has nothing of any branch, and begins anew', async () => {
  const { id, ids } = await talk();
  await rewind(id, ids[1]);

  expect(await ok('POST', `/v1/sessions/${id}/clear`)).toMatchObject({ id, name: 'Distances' });

  expect([await messages(id), await tree(id)]).toEqual([[], []]);
  await refused('POST', `/v1/sessions/${id}/rewind`, 404, 'message.not_found', { message_id: ids[3] });
  expect(await ask(id, 'The moon?')).toEqual(first);
  expect(await tree(id)).toHaveLength(2);
});

it('branches wait until an answer has ended', async () => {
  const { id, ids } = await talk();
  const content = '[offline: deltas=200 delay=40] go';
  const stream = await openai().chat.completions.create(
    { model, messages: [{ role: 'user', content }], stream: true },
    { headers: { 'x-parley-session': id } },
  );

  for (const [action, body] of [
    ['fork', {}],
    ['rewind', { message_id: ids[1] }],
    ['clear', {}],
  ] as const)
    await refused('POST', `/v1/sessions/${id}/${action}`, 409, 'session.busy', body);

  await ok('POST', `/v1/sessions/${id}/stop`);
  expect(await rejection(Array.fromAsync(stream))).toMatchObject({ code: 'turn.stopped' });
  await ok('POST', `/v1/sessions/${id}/clear`);
  expect(await tree(id)).toEqual([]);
});

it('an archived session is read and forked, and neither said more in nor rewound or cleared until it is restored', async () => {
  const { id, ids } = await talk();
  const archived = await ok<Session>('POST', `/v1/sessions/${id}/archive`);
  expect(archived).toMatchObject({ status: 'archived', archived_at: expect.any(String) as unknown });

  for (const [action, body] of [
    ['messages', { content: 'More' }],
    ['rewind', { message_id: ids[1] }],
    ['clear', undefined],
  ] as const)
    await refused('POST', `/v1/sessions/${id}/${action}`, 409, 'session.archived', body);
  expect((await messages(id)).map((one) => one.id)).toEqual(ids);
  const made = await fork(id);
  expect(made).toMatchObject({ status: 'active', archived_at: null });
  expect(await ask(made.id, 'Mars?')).toEqual(third);

  expect(await ok('POST', `/v1/sessions/${id}/restore`)).toMatchObject({ status: 'active', archived_at: null });
  expect(await ask(id, 'Venus?')).toEqual(third);
});

describe('a message with an Idempotency-Key', () => {
  const send = (id: string, key: string, content: string) =>
    call('POST', `/v1/sessions/${id}/messages`, {
      key: demoKey,
      body: { content },
      headers: { 'idempotency-key': key },
    });

  it('is there once however often it is sent, also at once, and answered the same', async () => {
    const id = await newSession();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(id, 'a', 'Hello')));
    answers.push(await send(id, 'a', 'Hello'));

    const [one] = await messages(id);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`201 ${answers[0]?.text ?? ''}`]),
    );
    expect(answers[0]?.json()).toEqual(one);
    expect(await tree(id)).toHaveLength(1);
  });

  it('is refused with another body, and is another one under another key or in another session', async () => {
    const [id, other] = [await newSession(), await newSession()];
    await send(id, 'a', 'Hello');

    const reused = await send(id, 'a', 'Bye');

    expect(reused.headers.get('content-type')).toContain('application/problem+json');
    expect(reused.json()).toMatchObject({ status: 409, code: 'idempotency_key.reused' });
    expect((await send(id, 'b', 'Hello')).status).toBe(201);
    expect((await send(other, 'a', 'Bye')).status).toBe(201);
    await append(id, 'Hello');
    expect([questions(await messages(id)), questions(await messages(other))]).toEqual([
      ['Hello', 'Hello', 'Hello'],
      ['Bye'],
    ]);
  });
});
