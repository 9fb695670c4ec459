import { describe, expect, it } from '@jest/globals';
import { call, demoKey } from './platform.js';

describe('an error on the path that both vendors have', () => {
  const asked: readonly (readonly [
    what: string,
    method: string,
    path: string,
    key: string | undefined,
    status: number,
  ])[] = [
    ['without a credential, refused at the edge', 'GET', '/v1/models', undefined, 401],
    ['for a model that does not exist', 'GET', '/v1/models/no-such-model', demoKey, 404],
    ['for a method that the path does not take', 'POST', '/v1/models', demoKey, 405],
    ['for a query that it does not know', 'GET', '/v1/models?surprise=1', demoKey, 400],
  ];

  it.each(asked)('%s is in the shape of the client that asks', async (_, method, path, key, status) => {
    const headers = { 'anthropic-version': '2023-06-01' };
    const anthropicAnswer = await call(method, path, { key, headers });
    const openaiAnswer = await call(method, path, { key });
    expect([anthropicAnswer.status, openaiAnswer.status]).toEqual([status, status]);
    expect(anthropicAnswer.json()).toMatchObject({ type: 'error', error: { type: expect.any(String) } });
    expect(openaiAnswer.json()).toMatchObject({ error: { code: expect.any(String) } });
  });
});

describe('answers', () => {
  it('carry the request id that the caller gave, or a fresh one', async () => {
    const named = await call('GET', '/v1/models', { key: demoKey, headers: { 'x-request-id': 'from-a-test-1' } });
    expect(named.headers.get('x-request-id')).toBe('from-a-test-1');
    const unnamed = await call('GET', '/v1/models', { key: demoKey });
    expect(unnamed.headers.get('x-request-id')).toMatch(/\S{8}/);
  });

  it('carry the state of the limit', async () => {
    const answer = await call('GET', '/v1/models', { key: demoKey });
    expect(Number(answer.headers.get('x-ratelimit-limit-requests'))).toBe(1_000_000);
    expect(Number(answer.headers.get('x-ratelimit-remaining-requests'))).toBeLessThan(1_000_000);
    expect(answer.headers.get('x-ratelimit-reset-requests')).toMatch(/^[\d.]+(ms|s|m\d*)/);
  });
});
