import AnthropicSdk from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import OpenAiSdk from 'openai';
import { anthropic, model, newKey, openai } from './platform.js';

type Json = Record<string, unknown>;

/** What both official clients have for paths that their vendor does not know. */
interface Client {
  get<T>(path: string): PromiseLike<T>;
  post<T>(path: string, options: { body: unknown }): PromiseLike<T>;
  patch<T>(path: string, options: { body: unknown }): PromiseLike<T>;
  delete<T>(path: string): PromiseLike<T>;
}

interface Session {
  readonly id: string;
  readonly name: string | null;
  readonly messages: readonly { readonly role: string; readonly content: readonly Json[] }[];
}

/** Parley's own routes have no client of their own: those that its users have already reach them, by the same base URL and key. */
describe.each([
  ['openai', (key?: string): Client => openai(key), '', OpenAiSdk],
  ['Anthropic', (key?: string): Client => anthropic(key), '/v1', AnthropicSdk],
] as const)('the official %s client reaches', (_name, clientOf, base, sdk) => {
  const client = clientOf();
  const at = (path: string): string => base + path;

  it('sessions: makes, reads, renames, fills and deletes one, and a deleted one is its NotFoundError', async () => {
    const { id } = await client.post<Session>(at('/sessions'), { body: { name: 'Moon', model } });
    await client.patch(at(`/sessions/${id}`), { body: { name: 'Moon and sun' } });
    await client.post(at(`/sessions/${id}/messages`), { body: { content: 'How far is the moon?' } });

    expect(await client.get<Session>(at(`/sessions/${id}`))).toMatchObject({
      name: 'Moon and sun',
      messages: [{ role: 'user', content: [{ text: 'How far is the moon?' }] }],
    });
    const { data } = await client.get<{ data: Session[] }>(at('/sessions?limit=200'));
    expect(data.map((session) => session.id)).toContain(id);
    await client.delete(at(`/sessions/${id}`));
    await expect(client.get(at(`/sessions/${id}`))).rejects.toThrow(sdk.NotFoundError);
  });

  it('experts: asks the circle by vote, and reads the query again', async () => {
    const question = 'Which? [offline analyst: say=Paris] [offline skeptic: say=Rome] [offline pragmatist: say=Rome]';
    const body = { question, options: ['Paris', 'Rome'], model };

    const query = await client.post<Json>(at('/experts/queries'), { body });

    expect(query).toMatchObject({ consensus: 'Rome', agreement: 2 / 3, answers: [{}, {}, {}] });
    expect(await client.get(at(`/experts/queries/${String(query['id'])}`))).toEqual(query);
    const { data } = await client.get<{ data: Json[] }>(at('/experts'));
    expect(data.length).toBeGreaterThanOrEqual(3);
  });

  it('tools: lists them, calls one, and gets its own error classes for bad arguments and a missing permission', async () => {
    const { data } = await client.get<{ data: Json[] }>(at('/mcp/servers/everything/tools'));
    expect(data).toContainEqual(expect.objectContaining({ id: 'everything.echo' }));
    const echo = at('/mcp/tools/everything.echo/invoke');

    const answer = await client.post<Json>(echo, { body: { arguments: { message: 'hello' } } });

    expect(answer).toMatchObject({ content: [{ type: 'text', text: 'Echo: hello' }], is_error: false });
    await expect(client.post(echo, { body: { arguments: { message: 1 } } })).rejects.toThrow(sdk.BadRequestError);
    const { key } = await newKey({ permissions: ['tools:read'] });
    const reader = clientOf(key);
    await expect(reader.post(echo, { body: { arguments: {} } })).rejects.toThrow(sdk.PermissionDeniedError);
  });

  it('analytics: the reports of sessions and tools', async () => {
    for (const report of ['sessions', 'tools'])
      expect(await client.get(at(`/analytics/${report}`))).toMatchObject({ data: expect.any(Array) });
  });
});
