import { expect } from '@jest/globals';
import type { Session, SessionMessage, SessionMessagePage, SessionWithMessages } from '@parley/contracts';
import { call, model, openai } from './platform.js';

/** What somebody does with sessions, by their key. */
export const sessionCaller = (key: string) => {
  /** The answer to what is to succeed. */
  async function ok<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T> {
    const answer = await call(method, path, { key, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return (answer.text === '' ? {} : answer.json()) as T;
  }

  /** That it is refused, with this status and a body that names the code. */
  async function refused(
    method: string,
    path: string,
    status: number,
    code: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<void> {
    const answer = await call(method, path, { key, ...(body && { body }), ...(headers && { headers }) });
    expect([method, path, answer.status, answer.text]).toEqual([method, path, status, expect.stringContaining(code)]);
  }

  /** Of every branch, read so many at a time. */
  async function tree(id: string, limit = 200): Promise<SessionMessage[]> {
    const all: SessionMessage[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = `branch=all&limit=${limit}${cursor && `&cursor=${cursor}`}`;
      const page: SessionMessagePage = await ok('GET', `/v1/sessions/${id}/messages?${query}`);
      all.push(...page.data);
      cursor = page.next_cursor;
    }
    return all;
  }

  /** A whole turn; answers the answer. */
  async function ask(id: string, content: string, asked = model): Promise<string> {
    const body = { model: asked, messages: [{ role: 'user' as const, content }] };
    const completion = await openai(key).chat.completions.create(body, { headers: { 'x-parley-session': id } });
    return completion.choices[0]?.message.content ?? '';
  }

  return {
    ok,
    refused,
    newSession: async (body: object = { model }) => (await ok<Session>('POST', '/v1/sessions', body)).id,
    append: (id: string, content: string) => ok<SessionMessage>('POST', `/v1/sessions/${id}/messages`, { content }),
    messages: async (id: string) => (await ok<SessionWithMessages>('GET', `/v1/sessions/${id}`)).messages,
    tree,
    ask,
  };
};

/** What a message says. */
export const wordsOf = ({ content }: SessionMessage): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');
