import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { databaseOf, query } from '../database.ts';
import { anthropic, call, demoKey, model, openai, question, url } from './platform.js';
import { rejection } from './questions.js';

interface Stored {
  readonly role: string;
  readonly status: string;
  readonly turn_id: string | null;
  readonly cost_usd: string | null;
  readonly content: readonly { readonly text?: string }[];
}

async function newSession(body: object): Promise<string> {
  const answer = await call('POST', '/v1/sessions', { key: demoKey, body });
  expect(answer.status).toBe(201);
  return String(answer.json()['id']);
}

const messagesOf = async (id: string): Promise<Stored[]> =>
  (await call('GET', `/v1/sessions/${id}`, { key: demoKey })).json()['messages'] as Stored[];

const inSession = (id: string) => ({ headers: { 'x-parley-session': id } });
const database = databaseOf(process.env, 'sessions');
const user = (content: string) => [{ role: 'user' as const, content }];
/** Comes for 8 s, which nobody waits for: what a test needs to happen meanwhile has happened when it has it stopped. */
const slow = user('[offline: deltas=200 delay=40] go');

/** A stream that has begun. */
async function streaming(id: string, messages = slow) {
  const { data, response } = await openai()
    .chat.completions.create({ model, messages, stream: true }, inSession(id))
    .withResponse();
  const chunks = data[Symbol.asyncIterator]();
  /** Answers how many there were to read. */
  const read = async (most = Infinity) => {
    let count = 0;
    while (count < most && (await chunks.next()).done !== true) count += 1;
    return count;
  };
  await read(2);
  /** Ends it while it is still coming. */
  const stop = async () => {
    expect((await call('POST', `/v1/sessions/${id}/stop`, { key: demoKey })).status).toBe(202);
    expect(await rejection(read())).toMatchObject({ code: 'turn.stopped' });
  };
  return { turnId: response.headers.get('x-parley-turn'), read, stop };
}

/** Once so many turns wait in the session. */
const waiting = (id: string, count: number) =>
  eventually(async () =>
    expect(await query(database, 'select from turn_queue where session_id = $1', [id])).toHaveLength(count),
  );

describe('turns that meet in a session which', () => {
  it('queues them are answered one after the other, in every dialect, plain and streamed', async () => {
    const id = await newSession({ model, concurrency: 'queue' });
    const first = await streaming(id);

    const others = Promise.all([
      openai().chat.completions.create({ model, messages: question }, inSession(id)),
      anthropic().messages.stream({ model, max_tokens: 500, messages: question }, inSession(id)).finalMessage(),
      openai().responses.create({ model, input: 'How far?' }, inSession(id)),
      streaming(id, question).then(({ read }) => read()),
    ]);
    await waiting(id, 4);
    await first.stop();
    await others;

    const messages = await messagesOf(id);
    expect(messages.map(({ role, status }) => `${role} ${status}`)).toEqual([
      ...['user complete', 'assistant interrupted'],
      ...Array.from({ length: 4 }, () => ['user complete', 'assistant complete']).flat(),
    ]);
    expect(messages[1]?.turn_id).toBe(first.turnId);
    expect(new Set(messages.map(({ turn_id }) => turn_id)).size).toBe(5);
  });

  it('queues them leave out the one whose caller has left', async () => {
    const id = await newSession({ model, concurrency: 'queue' });
    const first = await streaming(id);
    const leaving = new AbortController();
    const left = fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demoKey}`, 'content-type': 'application/json', 'x-parley-session': id },
      body: JSON.stringify({ model, messages: user('Never mind') }),
      signal: leaving.signal,
    });
    const refused = rejection(left);
    await waiting(id, 1);
    leaving.abort();
    await refused;
    await waiting(id, 0);
    await first.stop();

    await openai().chat.completions.create({ model, messages: user('And now?') }, inSession(id));

    const said = (await messagesOf(id)).map(({ content }) => content[0]?.text);
    expect([said.length, said[2]]).toEqual([4, 'And now?']);
  });

  it('interrupts them stop the answer under way, whose caller is told, and the part that came is kept', async () => {
    const id = await newSession({ model, concurrency: 'interrupt' });
    const first = await streaming(id);
    const stopped = rejection(first.read());

    const second = await openai().chat.completions.create({ model, messages: question }, inSession(id));

    expect(await stopped).toMatchObject({ code: 'turn.stopped' });
    expect(second.choices[0]?.finish_reason).toBe('stop');
    const messages = await messagesOf(id);
    expect(messages.map(({ role, status }) => `${role} ${status}`)).toEqual([
      ...['user complete', 'assistant interrupted'],
      ...['user complete', 'assistant complete'],
    ]);
    expect(messages[1]?.turn_id).toBe(first.turnId);
  });

  it('rejects them are refused, for the client to try again', async () => {
    const id = await newSession({ model, concurrency: 'reject' });
    const first = await streaming(id);
    expect(
      await rejection(openai().chat.completions.create({ model, messages: question }, inSession(id))),
    ).toMatchObject({ status: 409, code: 'session.busy' });
    await first.stop();
    await openai().chat.completions.create({ model, messages: question }, inSession(id));
  });
});

describe('an answer in a session', () => {
  it('names its turn, and leaves on its message what it cost, as the caller is told, and how long it took', async () => {
    const priced = 'claude-opus-4-8';
    const id = await newSession({ model: priced });
    const body = { model: priced, max_tokens: 500, messages: question };
    const plain = await call('POST', '/v1/messages', { key: demoKey, body, headers: inSession(id).headers });
    expect(plain.status).toBe(200);
    const streamed = { ...body, stream: true };
    const stream = await call('POST', '/v1/messages', { key: demoKey, body: streamed, headers: inSession(id).headers });

    const [, first, , second] = await messagesOf(id);

    const cost = plain.headers.get('x-parley-cost');
    expect(Number(cost)).toBeGreaterThan(0);
    const took = { duration_ms: expect.any(Number) as unknown };
    expect(first).toMatchObject({ ...took, turn_id: plain.headers.get('x-parley-turn'), cost_usd: cost });
    expect(second).toMatchObject({ ...took, turn_id: stream.headers.get('x-parley-turn') });
    expect(Number(second?.cost_usd)).toBeGreaterThan(0);
  });
});
