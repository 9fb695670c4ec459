import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { anthropic, call, demoKey, login, model, newKey, openai, question } from './platform.js';
import { rejection } from './questions.js';

const ask = async (method: string, path: string, body?: unknown, key = demoKey) => {
  const answer = await call(method, path, { key, ...(body !== undefined && { body }) });
  return { status: answer.status, body: answer.text === '' ? {} : answer.json() };
};

const created = async (path: string, body: object): Promise<string> => {
  const answer = await ask('POST', path, body);
  expect(answer.status).toBe(201);
  return String(answer.body['id']);
};

describe('projects and sessions', () => {
  it('are made, read, listed, changed and deleted through the edge', async () => {
    const project = await created('/v1/projects', { name: 'Moon' });
    const session = await created('/v1/sessions', { name: 'Distance', project_id: project });

    expect(await ask('GET', `/v1/sessions?project_id=${project}`)).toMatchObject({
      body: { data: [{ id: session, name: 'Distance' }], next_cursor: null },
    });
    expect((await ask('PATCH', `/v1/sessions/${session}`, { name: null })).body).toMatchObject({ name: null });
    expect((await ask('PATCH', `/v1/projects/${project}`, { name: 'Sun' })).body).toMatchObject({ name: 'Sun' });
    expect((await ask('DELETE', `/v1/projects/${project}`)).status).toBe(204);
    expect((await ask('GET', `/v1/sessions/${session}`)).body).toMatchObject({ project_id: null, messages: [] });
    expect((await ask('DELETE', `/v1/sessions/${session}`)).status).toBe(204);
    expect(await ask('GET', `/v1/sessions/${session}`)).toMatchObject({
      status: 404,
      body: { code: 'session.not_found' },
    });
  });

  it('open to an access token as to a key, and to a key without the permission not at all', async () => {
    const { access_token } = await login();
    expect((await ask('GET', '/v1/sessions', undefined, access_token)).status).toBe(200);
    const { key } = await newKey({ permissions: ['sessions:read'] });
    await eventually(async () => expect((await ask('GET', '/v1/projects', undefined, key)).status).toBe(200));
    expect(await ask('POST', '/v1/sessions', {}, key)).toMatchObject({
      status: 403,
      body: { code: 'request.forbidden' },
    });
  });
});

describe('an archived session', () => {
  it('is found by its status and answers no completion in any dialect, until it is restored', async () => {
    const tag = crypto.randomUUID();
    const id = await created('/v1/sessions', { model, tags: [tag, 'history'] });
    expect((await ask('POST', `/v1/sessions/${id}/archive`)).body).toMatchObject({ status: 'archived' });
    expect((await ask('GET', `/v1/sessions?tag=${tag}&tag=history&status=archived&sort=-updated`)).body).toMatchObject({
      data: [{ id }],
    });
    const inSession = { headers: { 'x-parley-session': id } };
    const archived = { status: 409 };
    expect(await rejection(openai().chat.completions.create({ model, messages: question }, inSession))).toMatchObject({
      ...archived,
      code: 'session.archived',
    });
    expect(
      await rejection(anthropic().messages.create({ model, max_tokens: 9, messages: question }, inSession)),
    ).toMatchObject(archived);
    expect(await rejection(openai().responses.create({ model, input: '?' }, inSession))).toMatchObject(archived);

    expect((await ask('POST', `/v1/sessions/${id}/restore`)).body).toMatchObject({ status: 'active' });
    await openai().chat.completions.create({ model, messages: question }, inSession);
  });
});

it('a project’s model answers in its sessions, as often in a minute as the project lets each', async () => {
  const project = await created('/v1/projects', { name: 'Moon', model, limits: { requests_per_minute: 1 } });
  const session = await created('/v1/sessions', { project_id: project });
  const complete = () =>
    call('POST', '/v1/chat/completions', {
      key: demoKey,
      body: { messages: question },
      headers: { 'x-parley-session': session },
    });
  expect((await complete()).status).toBe(200);
  const refused = await complete();
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
});

it('how long sessions are kept is an administrator’s to say', async () => {
  const path = '/v1/sessions/retention';
  expect(await ask('PUT', path, { days: 3_650 })).toEqual({ status: 200, body: { days: 3_650 } });
  expect(await ask('PUT', path, { days: null })).toEqual({ status: 200, body: { days: null } });
  const { key } = await newKey({ permissions: ['sessions:read', 'sessions:write'] });
  for (const method of ['GET', 'PUT'])
    await eventually(async () =>
      expect(await ask(method, path, method === 'PUT' ? { days: 1 } : undefined, key)).toMatchObject({ status: 403 }),
    );
});

describe('messages', () => {
  it('are added and read, page by page', async () => {
    const session = await created('/v1/sessions', {});
    for (const content of ['One', [{ type: 'text', text: 'Two' }], 'Three'])
      await created(`/v1/sessions/${session}/messages`, { content });

    const first = await ask('GET', `/v1/sessions/${session}/messages?limit=2`);
    const cursor = String(first.body['next_cursor']);
    const second = await ask('GET', `/v1/sessions/${session}/messages?limit=2&cursor=${cursor}`);

    expect(first.body).toMatchObject({ data: [{ content: [{ text: 'One' }] }, { content: [{ text: 'Two' }] }] });
    expect(second.body).toMatchObject({ data: [{ content: [{ text: 'Three' }] }], next_cursor: null });
  });
});

it('the turns of a session are nobody’s to open from outside', async () => {
  const session = await created('/v1/sessions', {});
  expect((await ask('POST', `/internal/sessions/${session}/turns`, {})).status).toBe(404);
});
