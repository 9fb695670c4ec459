import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { anthropic, call, demoKey, login, model, openai, question, url } from './platform.js';

interface Stored {
  readonly role: string;
  readonly status: string;
  readonly parent_id: string | null;
  readonly id: string;
  readonly content: readonly { type: string; text?: string }[];
}

async function newSession(body: object = {}): Promise<string> {
  const answer = await call('POST', '/v1/sessions', { key: demoKey, body });
  expect(answer.status).toBe(201);
  return String(answer.json()['id']);
}

async function messagesOf(id: string): Promise<Stored[]> {
  const answer = await call('GET', `/v1/sessions/${id}`, { key: demoKey });
  return answer.json()['messages'] as Stored[];
}

const inSession = (id: string) => ({ headers: { 'x-parley-session': id } });
const textOf = ({ content }: Stored) => content.map(({ text = '' }) => text).join('');
const user = (content: string) => [{ role: 'user' as const, content }];

describe('a completion in a session', () => {
  it('carries the new messages alone, and is answered with all that was said before, in either dialect', async () => {
    const id = await newSession();

    const first = await openai().chat.completions.create({ model, messages: question }, inSession(id));
    const second = await anthropic().messages.create(
      { model, max_tokens: 500, messages: user('And the sun?') },
      inSession(id),
    );
    const third = await openai().chat.completions.create({ model, messages: user('And Mars?') }, inSession(id));

    expect(second.content).toEqual([expect.objectContaining({ text: expect.stringContaining('turn 2') as unknown })]);
    expect(third.choices[0]?.message.content).toContain('turn 3');
    const messages = await messagesOf(id);
    expect(messages.map(({ role, status }) => [role, status])).toEqual(
      Array.from({ length: 3 }, () => [
        ['user', 'complete'],
        ['assistant', 'complete'],
      ]).flat(),
    );
    expect(messages.map(({ parent_id }) => parent_id)).toEqual([null, ...messages.slice(0, -1).map((one) => one.id)]);
    expect(textOf(messages[1] as Stored)).toBe(first.choices[0]?.message.content);
  });

  it('that is streamed is stored whole before its end is sent', async () => {
    const id = await newSession();
    const openaiStream = await openai().chat.completions.create(
      { model, messages: question, stream: true },
      inSession(id),
    );
    let text = '';
    for await (const chunk of openaiStream) text += chunk.choices[0]?.delta.content ?? '';
    expect(textOf((await messagesOf(id))[1] as Stored)).toBe(text);

    const message = await anthropic()
      .messages.stream({ model, max_tokens: 500, messages: user('More') }, inSession(id))
      .finalMessage();
    expect((await messagesOf(id))[3]).toMatchObject({ status: 'complete', content: [{ type: 'text' }] });
    expect(JSON.stringify(message.content)).toContain('turn 2');
  });

  it('needs no model where the session has one', async () => {
    const id = await newSession({ model });
    const answer = await call('POST', '/v1/chat/completions', {
      key: demoKey,
      body: { messages: question },
      headers: { 'x-parley-session': id },
    });
    expect(answer.json()).toMatchObject({ model });

    const without = await call('POST', '/v1/chat/completions', {
      key: demoKey,
      body: { messages: question },
      headers: { 'x-parley-session': await newSession() },
    });
    expect([without.status, without.text]).toEqual([400, expect.stringContaining('model')]);
  });

  it.each([crypto.randomUUID(), 'no-id'])('is 404 where there is no such session: %s', async (id) => {
    await expect(openai().chat.completions.create({ model, messages: question }, inSession(id))).rejects.toMatchObject({
      status: 404,
      code: 'session.not_found',
    });
    await expect(
      anthropic().messages.create({ model, max_tokens: 5, messages: question }, inSession(id)),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('is 409 while another turn of the session is being answered, which goes on', async () => {
    const id = await newSession();
    const slow = await openai().chat.completions.create(
      { model, messages: user('[offline: deltas=40 delay=50] go'), stream: true },
      inSession(id),
    );
    await expect(openai().chat.completions.create({ model, messages: question }, inSession(id))).rejects.toMatchObject({
      status: 409,
      code: 'session.busy',
    });
    let deltas = 0;
    for await (const chunk of slow) deltas += chunk.choices[0]?.delta.content ? 1 : 0;
    expect(deltas).toBe(40);
  });

  it('goes on when its caller leaves, and the whole answer is stored', async () => {
    const id = await newSession();
    const leaving = new AbortController();
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demoKey}`, 'content-type': 'application/json', 'x-parley-session': id },
      body: JSON.stringify({ model, stream: true, messages: user('[offline: deltas=30 delay=50] go') }),
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    leaving.abort();

    await eventually(
      async () => {
        expect((await messagesOf(id))[1]).toMatchObject({ status: 'complete' });
      },
      { timeoutMs: 10_000 },
    );
    expect(textOf((await messagesOf(id))[1] as Stored)).toContain('word29');
  });

  it('that the provider breaks off keeps what came, marked interrupted, and the session goes on', async () => {
    const id = await newSession();
    const broken = async () => {
      const stream = await openai().chat.completions.create(
        { model, messages: user('[offline: deltas=20 fault=half-stream] go'), stream: true },
        inSession(id),
      );
      for await (const chunk of stream) expect(chunk).toBeDefined();
    };
    await expect(broken()).rejects.toThrow();
    expect((await messagesOf(id)).map(({ status }) => status)).toEqual(['complete', 'interrupted']);

    await openai().chat.completions.create({ model, messages: question }, inSession(id));
    expect(await messagesOf(id)).toHaveLength(4);
  });

  it('is accounted for with its session and project', async () => {
    const project = await call('POST', '/v1/projects', { key: demoKey, body: { name: 'A project' } });
    const id = await newSession({ project_id: project.json()['id'] });
    await openai().chat.completions.create({ model, messages: question }, inSession(id));
    await eventually(
      async () => {
        const bySession = await call('GET', `/v1/analytics/usage?session_id=${id}`, { key: demoKey });
        const byProject = await call('GET', `/v1/analytics/usage?project_id=${String(project.json()['id'])}`, {
          key: demoKey,
        });
        expect([bySession.json()['requests'], byProject.json()['requests']]).toEqual([1, 1]);
      },
      { timeoutMs: 5_000 },
    );
  });
});

describe('the circle of experts as a model', () => {
  it('answers in either dialect, plain and streamed', async () => {
    const plain = await openai().chat.completions.create({ model: 'circle', messages: question });
    expect(plain.choices[0]?.message.content).not.toBe('');
    expect(plain.usage?.total_tokens).toBeGreaterThan(0);
    const message = await anthropic()
      .messages.stream({ model: 'circle', max_tokens: 500, messages: question })
      .finalMessage();
    expect(message).toMatchObject({ model: 'circle', content: [{ type: 'text' }] });
  });

  it('is listed as one, behind those of the providers', async () => {
    const listed = await openai().models.list();
    expect(listed.data.at(-1)).toMatchObject({ id: 'circle', owned_by: 'parley' });
    expect(await anthropic().models.retrieve('circle')).toMatchObject({ id: 'circle', type: 'model' });
  });

  it('answers in a session too, which its experts are accounted for in', async () => {
    const id = await newSession({ model: 'circle' });
    await openai().chat.completions.create({ model: 'circle', messages: question }, inSession(id));
    expect((await messagesOf(id)).map(({ role }) => role)).toEqual(['user', 'assistant']);
    await eventually(
      async () => {
        const usage = await call('GET', `/v1/analytics/usage?session_id=${id}`, { key: demoKey });
        expect(usage.json()['requests']).toBe(3);
      },
      { timeoutMs: 5_000 },
    );
  });

  it('is asked once by a call that is repeated under one Idempotency-Key', async () => {
    const once = { headers: { 'idempotency-key': crypto.randomUUID() } };
    const first = await openai().chat.completions.create({ model: 'circle', messages: question }, once);
    const second = await openai().chat.completions.create({ model: 'circle', messages: question }, once);
    expect(second.id).toBe(first.id);
  });

  it('takes no caller’s word for being within a circle', async () => {
    const answer = await call('POST', '/v1/chat/completions', {
      key: demoKey,
      body: { model: 'circle', messages: question },
      headers: { 'x-parley-expert-query': crypto.randomUUID() },
    });
    expect(answer.status).toBe(200);
  });

  it('is 400 within a circle', async () => {
    const gateway = `${process.env['PARLEY_CONSUL_URL'] ?? ''}/v1/health/service/gateway?passing=1`;
    const [instance] = (await (await fetch(gateway)).json()) as { Service: { Address: string; Port: number } }[];
    const { access_token } = await login();
    const response = await fetch(
      `http://${instance?.Service.Address ?? ''}:${instance?.Service.Port ?? 0}/v1/chat/completions`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${access_token}`,
          'content-type': 'application/json',
          'x-parley-expert-query': crypto.randomUUID(),
        },
        body: JSON.stringify({ model: 'circle', messages: question }),
      },
    );
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ error: expect.objectContaining({ code: 'circle.nested' }) as unknown }),
    ]);
  });

  it('is refused what it cannot do', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'f' } }];
    await expect(
      openai().chat.completions.create({ model: 'circle', messages: question, tools }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
    });
  });
});
