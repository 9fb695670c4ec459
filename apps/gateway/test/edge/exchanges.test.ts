/** Real: the embedded edge over kong.yml, HTTP, Redis. Stubs over HTTP: the auth and analytics services. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { AccessChange } from '@parley/contracts';
import { ask } from './ask.js';
import { decisions } from './decisions.js';
import { startEdge, type TestEdge } from './fixture.js';
import { makeToken } from './tokens.js';

const key = 'ply_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0StQ0k';
const claims = { tenant_id: randomUUID(), sub: randomUUID(), key_id: randomUUID() };

let edge: TestEdge;
const call = () => ask(edge.url, '/v1/models', { headers: { 'x-api-key': key } });
const tokenWith = (permissions: string[]) => makeToken({ claims: { ...claims, permissions } });
const grant = (permissions: string[]): string => {
  const token = tokenWith(permissions);
  edge.exchange = { status: 200, body: { access_token: token, expires_in: 60 } };
  return `Bearer ${token}`;
};
const changeOf = (id: string): AccessChange => {
  const [at, until] = [5, 60].map((after) => new Date((decisions.now + after) * 1_000).toISOString());
  return {
    kind: 'permissions_changed',
    id,
    permissions: ['models:read', 'usage:read'],
    at: at ?? '',
    until: until ?? '',
  };
};

beforeEach(async () => {
  edge = await startEdge();
  grant(['models:read']);
});
afterEach(() => edge.stop());

it('the auth service is told the client’s address with the key', async () => {
  await call();

  expect(edge.exchanged).toEqual([{ api_key: key, address: '127.0.0.1' }]);
});

it('an auth service of the release before, which takes no address, is asked without one', async () => {
  const good = { status: 200, body: { access_token: tokenWith([]), expires_in: 60 } };
  edge.exchange = ({ address }) => (address === undefined ? good : { status: 400, body: { code: 'request.invalid' } });

  expect((await call()).status).toBe(200);
  expect(edge.exchanged).toEqual([{ api_key: key, address: '127.0.0.1' }, { api_key: key }]);
});

it('a change of what a key or its owner may do acts on the very next call, in all that is passed on', async () => {
  await call();
  for (const [id, permissions] of [
    [claims.sub, ['models:read', 'usage:read']],
    [claims.key_id, ['models:read']],
  ] as const) {
    const granted = grant([...permissions]);
    edge.changes.apply(claims.tenant_id, [changeOf(id)], 'event');
    await Promise.all([call(), call()]);

    const used = edge.local.slice(-2).map(({ headers }) => headers.authorization);
    expect(new Set(used)).toEqual(new Set([granted]));
  }
  expect(edge.exchanged).toHaveLength(3);
});

it('a revoked key is refused by the edge itself as soon as it hears of it', async () => {
  await call();
  edge.exchange = { status: 401, body: { code: 'credential.revoked' } };

  const until = new Date((decisions.now + 60) * 1_000).toISOString();
  edge.changes.apply(claims.tenant_id, [{ kind: 'api_key_revoked', id: claims.key_id, until }], 'event');

  expect((await call()).status).toBe(401);
  expect(edge.local).toHaveLength(1);
});

it('a change of somebody else makes no exchange', async () => {
  await call();
  edge.changes.apply(claims.tenant_id, [changeOf(randomUUID())], 'event');
  edge.changes.apply(randomUUID(), [changeOf(claims.sub)], 'event');

  await call();

  expect(edge.exchanged).toHaveLength(1);
});
