import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { anthropic, call, demoKey, model, newKey, openai } from './platform.js';
import { rejection } from './questions.js';
import { secondTenant } from './second-tenant.js';

interface Message {
  readonly id: string;
  readonly role: string;
  readonly context: object | null;
}

interface Stored {
  readonly messages: readonly Message[];
  readonly summary: { readonly text: string; readonly messages: number; readonly cost_usd: string | null } | null;
}

async function newSession(context: object | undefined, key = demoKey, own: object = { model }): Promise<string> {
  const { status, text, json } = await call('POST', '/v1/sessions', { key, body: { ...own, context } });
  if (status !== 201) throw new Error(`a session was answered ${status}: ${text}`);
  return String(json()['id']);
}

const read = async (id: string, key = demoKey) =>
  (await call('GET', `/v1/sessions/${id}`, { key })).json() as unknown as Stored;

const inSession = (id: string) => ({ headers: { 'x-parley-session': id } });

/** Some 400 tokens, answered by one; a summary of it says `told`. Two of them fit into 1,000 tokens, three do not. */
const question = (told = 'say="They spoke of the moon."') =>
  `[offline summarise: ${told}] [offline: say="Yes."] ${'x'.repeat(1_560 - told.length)}`;
const max_tokens = 1_000;

/** Asks on in a session; answers the status, what the answer says of its context, and the text of both. */
async function ask(id: string, content = question(), key = demoKey) {
  const body = { messages: [{ role: 'user', content }] };
  const { status, headers, text } = await call('POST', '/v1/chat/completions', { key, body, ...inSession(id) });
  return { status, context: headers.get('x-parley-context'), text };
}

/** A model that nobody else asks: the breaker of one that fails would open for others. */
const ownModel = () => `anthropic/offline-${crypto.randomUUID()}`;

describe('a session that refuses what is too long', () => {
  it('says so with both numbers in every dialect, as if nothing had been asked, and goes on with what fits', async () => {
    const id = await newSession({ kind: 'refuse', max_tokens: 500 });
    expect(await ask(id)).toMatchObject({ status: 200, context: null });
    const messages = [{ role: 'user' as const, content: question() }];

    expect(await rejection(openai().chat.completions.create({ model, messages }, inSession(id)))).toMatchObject({
      status: 400,
      code: 'session.context_exceeded',
      message: expect.stringMatching(/estimated at 8\d\d tokens, and 500 fit/),
    });
    expect(
      await rejection(anthropic().messages.create({ model, max_tokens: 5, messages }, inSession(id))),
    ).toMatchObject({ status: 400, message: expect.stringContaining('500 fit') });
    const streamed = openai().chat.completions.create({ model, messages, stream: true }, inSession(id));
    expect(await rejection(streamed)).toMatchObject({ status: 400, code: 'session.context_exceeded' });

    expect((await read(id)).messages).toHaveLength(2);
    expect((await ask(id, 'And now?')).status).toBe(200);
  });

  it('is every session that says nothing else, by the window of the model and the answer that was asked for', async () => {
    const id = await newSession(undefined);
    const messages = [{ role: 'user' as const, content: 'x'.repeat(790_000) }];
    const create = (max: number) => anthropic().messages.create({ model, max_tokens: max, messages }, inSession(id));
    expect(await rejection(create(5_000))).toMatchObject({
      status: 400,
      message: expect.stringContaining('estimated at 197500 tokens, and 195000 fit'),
    });
    expect((await create(500)).stop_reason).toBe('end_turn');
  });
});

describe('a session that drops the oldest', () => {
  it('says of each answer, plain and streamed, how many messages its model was not given', async () => {
    const id = await newSession({ kind: 'drop_oldest', max_tokens });
    expect([(await ask(id)).context, (await ask(id)).context]).toEqual([null, null]);

    expect(await ask(id)).toMatchObject({ status: 200, context: 'dropped=2' });
    const messages = [{ role: 'user' as const, content: question() }];
    const { response } = await openai()
      .chat.completions.create({ model, messages, stream: true }, inSession(id))
      .withResponse();
    expect(response.headers.get('x-parley-context')).toBe('dropped=4');
    expect(await response.text()).toContain('[DONE]');

    const all = (await read(id)).messages;
    expect(all).toHaveLength(8);
    expect(all.filter(({ role }) => role === 'assistant').map(({ context }) => context)).toEqual([
      ...[null, null],
      { kind: 'dropped', messages: 2, from_message_id: all[2]?.id },
      { kind: 'dropped', messages: 4, from_message_id: all[4]?.id },
    ]);
  });

  it('keeps its instructions, and refuses a question that alone is too long', async () => {
    const id = await newSession({ kind: 'drop_oldest', max_tokens });
    await call('POST', `/v1/sessions/${id}/messages`, { key: demoKey, body: { role: 'system', content: 'Speak!' } });
    const scripted = `[offline speak: say="Spoken."] ${'x'.repeat(1_500)}`;
    for (let turn = 0; turn < 4; turn += 1) expect((await ask(id, scripted)).text).toContain('Spoken.');
    const refused = await ask(id, 'x'.repeat(5_000));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('session.context_exceeded')]);
  });
});

describe('a session that summarises', () => {
  it('has its beginning summarised by a call on record of its own, and goes on from there', async () => {
    const key = await secondTenant();
    const summariser = `claude-opus-4-8-${20_000_000 + Math.floor(Math.random() * 9_999_999)}`;
    const id = await newSession({ kind: 'summarise', max_tokens, model: `anthropic/${summariser}` }, key);
    for (let turn = 0; turn < 2; turn += 1) expect(await ask(id, question(), key)).toMatchObject({ context: null });

    const context = `summarised=4; model=${summariser}`;
    expect(await ask(id, question(), key)).toMatchObject({ status: 200, context });
    expect(await ask(id, question(), key)).toMatchObject({ status: 200, context });
    const first = await read(id, key);
    expect(first.summary).toMatchObject({ text: 'They spoke of the moon.', messages: 4 });
    expect(Number(first.summary?.cost_usd)).toBeGreaterThan(0);
    expect(first.messages[5]?.context).toEqual({
      ...{ kind: 'summarised', messages: 4, model: summariser, from_message_id: first.messages[4]?.id },
    });
    expect(await ask(id, question(), key)).toMatchObject({ context: `summarised=8; model=${summariser}` });

    await eventually(
      async () => {
        const usage = (await call('GET', '/v1/analytics/usage', { key })).json();
        expect(usage).toMatchObject({ requests: 7 });
        expect(Number(usage['cost_usd'])).toBeGreaterThan(Number(first.summary?.cost_usd));
      },
      { timeoutMs: 10_000 },
    );
  });

  it('takes a turn whose summary fails back, with an error that says what failed', async () => {
    const [failing, empty] = [ownModel(), ownModel()];
    const id = await newSession({ kind: 'summarise', max_tokens, model: failing });
    for (let turn = 0; turn < 2; turn += 1) await ask(id, question('fault=400'));
    const failed = await ask(id);
    expect([failed.status, failed.text]).toEqual([400, expect.stringContaining(`not be summarised by ${failing}`)]);
    const { summary, messages } = await read(id);
    expect([summary, messages.length]).toEqual([null, 4]);

    const silent = await newSession({ kind: 'summarise', max_tokens, model: empty });
    for (let turn = 0; turn < 2; turn += 1) await ask(silent, question('say=" "'));
    expect((await ask(silent)).text).toContain('session.summary_failed');
    expect((await read(silent)).messages).toHaveLength(4);

    const changed = { context: { kind: 'summarise', max_tokens, model: ownModel() } };
    await call('PATCH', `/v1/sessions/${silent}`, { key: demoKey, body: changed });
    await call('POST', `/v1/sessions/${silent}/clear`, { key: demoKey, body: {} });
    for (let turn = 0; turn < 2; turn += 1) await ask(silent);
    expect((await ask(silent)).context).toMatch(/^summarised=4/);
  });

  it('asks no model for a summary that the caller’s key may not ask', async () => {
    const { key } = await newKey({ models: [model] });
    const summariser = ownModel();
    const id = await newSession({ kind: 'summarise', max_tokens, model: summariser });
    const asked = () => ask(id, question(), key);
    for (let turn = 0; turn < 2; turn += 1) expect((await asked()).status).toBe(200);
    const refused = await asked();
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining(summariser)]);
    const { summary, messages } = await read(id);
    expect([summary, messages.length]).toEqual([null, 4]);
  });

  it('gives the messages themselves again once it was rewound to before its summary', async () => {
    const id = await newSession({ kind: 'summarise', max_tokens, model: ownModel() });
    for (let turn = 0; turn < 3; turn += 1) await ask(id);
    const { messages, summary } = await read(id);
    expect(summary).not.toBeNull();
    const rewound = { key: demoKey, body: { message_id: messages[1]?.id } };
    expect((await call('POST', `/v1/sessions/${id}/rewind`, rewound)).status).toBe(200);
    expect(await ask(id)).toMatchObject({ status: 200, context: null });
    expect((await read(id)).summary).toBeNull();
  });

  it('is nothing to another tenant, and its summaries are nobody’s to write from outside', async () => {
    const id = await newSession({ kind: 'summarise', max_tokens, model: ownModel() });
    for (let turn = 0; turn < 3; turn += 1) await ask(id);
    const theirs = await secondTenant();
    for (const answer of [await call('GET', `/v1/sessions/${id}`, { key: theirs }), await ask(id, '?', theirs)])
      expect([answer.status, answer.text]).toEqual([404, expect.not.stringContaining('They spoke of the moon.')]);
    const outside = await call('POST', `/internal/turns/${crypto.randomUUID()}/summary`, { key: demoKey, body: {} });
    expect(outside.status).toBe(404);
  });
});
