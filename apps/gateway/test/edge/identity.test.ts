import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask } from './ask.js';
import { decisions } from './decisions.js';
import { startEdge, type TestEdge } from './fixture.js';
import { makeToken } from './tokens.js';

const key = 'ply_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0StQ0k';
const granted = { status: 200, body: { access_token: 'internal.jwt.of-key', expires_in: 60 } };

let edge: TestEdge;
const models = (headers: Record<string, string>) => ask(edge.url, '/v1/models', { headers });
const asked = (path: string): number => edge.auth.seen.filter(({ url }) => url === path).length;

beforeEach(async () => {
  edge = await startEdge();
  edge.exchange = granted;
});
afterEach(() => edge.stop());

describe('an API key', () => {
  it('becomes the internal token, in the process and behind the proxy, and is never seen behind the edge', async () => {
    await models({ 'x-api-key': key });
    await ask(edge.url, '/v1/analytics/usage', { headers: { authorization: `Bearer ${key}` } });

    for (const seen of [edge.local[0], edge.analytics.seen[0]]) {
      expect(seen?.headers.authorization).toBe('Bearer internal.jwt.of-key');
      expect(JSON.stringify(seen?.headers)).not.toContain(key);
    }
  });

  it('is exchanged once, for a hundred requests that come at the same time too', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => models({ 'x-api-key': key })));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked('/internal/auth/exchange')).toBe(1);
  });

  it('is refused with a wrong checksum without asking the auth service', async () => {
    const { status, json } = await models({ 'x-api-key': `${key.slice(0, -1)}l` });

    expect(status).toBe(401);
    expect(json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    expect(edge.auth.seen).toEqual([]);
  });

  it.each(decisions.exchanges)('by the cases of Kong’s plugin: $name', async ({ status, body = {}, token, code }) => {
    if (status === undefined) await edge.auth.stop();
    else edge.exchange = { status, body: { title: 'x', ...body } };

    const answer = await ask(edge.url, '/v1/analytics/usage', { headers: { 'x-api-key': key } });

    expect(edge.analytics.seen[0]?.headers.authorization).toBe(token && `Bearer ${token}`);
    expect(answer.json().code).toBe(code);
  });

  it('that was refused stays refused for a while without asking again', async () => {
    edge.exchange = { status: 401, body: { code: 'credential.revoked' } };

    for (let i = 0; i < 3; i += 1) expect((await models({ 'x-api-key': key })).status).toBe(401);

    expect(asked('/internal/auth/exchange')).toBe(1);
  });
});

describe('a token', () => {
  it.each(decisions.tokens.filter(({ code }) => !code))('is taken: $name', async (described) => {
    const token = makeToken(described);

    expect((await models({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect(edge.local[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it.each(decisions.tokens.filter(({ code }) => code))('is refused: $name', async (described) => {
    const headers = { authorization: `Bearer ${makeToken(described)}` };

    const { status, json } = await ask(edge.url, '/v1/analytics/usage', { headers });

    expect(status).toBe(401);
    expect(json().code).toBe(described.code);
    expect(edge.analytics.seen).toEqual([]);
  });

  it('of an unknown key id does not make the edge ask for the keys again and again', async () => {
    await models({ authorization: `Bearer ${makeToken()}` });
    edge.ahead = 6;
    for (const kid of ['a', 'b', 'c', 'd']) {
      const { status } = await models({ authorization: `Bearer ${makeToken({ header: { kid } })}` });
      expect(status).toBe(401);
    }

    expect(asked('/.well-known/jwks.json')).toBe(2);
  });

  it('in x-api-key is passed on as bearer', async () => {
    const token = makeToken();

    await models({ 'x-api-key': token });

    expect(edge.local[0]?.headers).toMatchObject({ authorization: `Bearer ${token}` });
    expect(edge.local[0]?.headers).not.toHaveProperty('x-api-key');
  });
});

describe('while the auth service is away', () => {
  it('credentials that nobody knows get 503 with Retry-After in the dialect of the route', async () => {
    await edge.auth.stop();

    const answers = await Promise.all([
      models({ 'x-api-key': key }),
      models({ authorization: `Bearer ${makeToken()}` }),
    ]);

    for (const { status, headers, json } of answers) {
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('1');
      expect(json()).toMatchObject({ error: { type: 'server_error', code: 'service.unavailable' } });
    }
    expect(edge.local).toEqual([]);
  });

  it('keys and tokens known before go on', async () => {
    const all = [{ 'x-api-key': key }, { authorization: `Bearer ${makeToken()}` }];
    for (const headers of all) await models(headers);
    await edge.auth.stop();

    for (const headers of all) expect((await models(headers)).status).toBe(200);
  });
});

describe('what is not a client’s to say', () => {
  it('is taken away, every header of the list', async () => {
    const claims = Object.fromEntries(
      decisions.foreign_headers.filter((name) => name !== 'x-api-key').map((name) => [name, 'someone']),
    );

    await models({ ...claims, 'x-api-key': key });
    await ask(edge.url, '/v1/analytics/usage', { headers: { ...claims, 'x-api-key': key } });

    for (const seen of [edge.local[0], edge.analytics.seen[0]]) {
      expect(Object.keys(seen?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-api-key']));
      expect(Object.values(seen?.headers ?? {})).not.toContain('someone');
    }
  });

  it('is taken away from a request without a credential too, and the session that it names is not', async () => {
    const internal = { 'x-parley-deadline-ms': '1', 'x-parley-expert-query': 'one', 'x-parley-asked-in': 'one' };
    const headers = { ...internal, 'x-parley-session': 'a-session' };

    await ask(edge.url, '/health', { headers });

    expect(edge.local[0]?.headers).toMatchObject({ 'x-parley-session': 'a-session' });
    expect(Object.keys(edge.local[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-parley-deadline-ms']));
    expect(Object.keys(edge.local[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(Object.keys(internal)));
  });

  it('is refused when it says it twice, in the words of the vendor', async () => {
    const twice = { authorization: [`Bearer ${key}`, `Bearer ${key}`] };

    const { status, json } = await ask(edge.url, '/v1/messages', { method: 'POST', headers: twice });

    expect(status).toBe(401);
    expect(json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  });

  it('about its address is not believed from a client, and the address of its connection is passed on', async () => {
    const claims = { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9' };

    await ask(edge.url, '/v1/analytics/usage', { headers: { ...claims, 'x-api-key': key } });

    expect(edge.analytics.seen[0]?.headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(JSON.stringify(edge.analytics.seen[0]?.headers)).not.toContain('203.0.113.9');
  });
});
