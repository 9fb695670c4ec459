/** Real: the embedded edge over kong.yml, HTTP, Redis. Stubs over HTTP: the auth and analytics services. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mintApiKey } from '@parley/identity';
import { ask } from './ask.js';
import { decisions } from './decisions.js';
import { startEdge, type TestEdge } from './fixture.js';
import { makeToken } from './tokens.js';

const good = [mintApiKey(), mintApiKey()] as const;
const claims = { tenant_id: randomUUID(), sub: randomUUID(), key_id: randomUUID() };
const token = makeToken({ claims: { ...claims, permissions: ['models:read'] } });

let edge: TestEdge;
beforeEach(async () => {
  // The client's address is that of the X-Forwarded-For which a trusted proxy has set.
  edge = await startEdge(undefined, { PARLEY_TRUSTED_PROXIES: ['127.0.0.1'] });
  edge.exchange = ({ api_key }) =>
    good.some((key) => key === api_key)
      ? { status: 200, body: { access_token: token, expires_in: 60 } }
      : { status: 401, body: { code: 'credential.invalid' } };
});
afterEach(() => edge.stop());

const call = (key = mintApiKey(), address = '192.0.2.7') =>
  ask(edge.url, '/v1/models', { headers: { 'x-api-key': key, 'x-forwarded-for': address } });
/** So many keys that nobody has issued; answers how often which status came. */
async function guess(times: number, address = '192.0.2.7'): Promise<Record<number, number>> {
  const answers = [];
  for (let time = 0; time < times; time += 1) answers.push(await call(undefined, address));
  return answers.reduce<Record<number, number>>(
    (all, { status }) => ({ ...all, [status]: (all[status] ?? 0) + 1 }),
    {},
  );
}

it('after 60 refused keys of one address in a minute the next is 429, and the auth service is not asked', async () => {
  expect(await guess(60)).toEqual({ 401: 60 });

  const refused = await call();

  expect(refused.status).toBe(429);
  expect(refused.json()).toMatchObject({ error: { message: 'Too many refused keys from this address' } });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(edge.exchanged).toHaveLength(60);
  expect((await call(good[0])).status).toBe(429);
});

it('the addresses of an IPv6 /64 are one client, those of others are not', async () => {
  for (let host = 1; host <= 60; host += 1) await call(undefined, `2001:db8:0:7::${host.toString(16)}`);

  expect((await call(undefined, '2001:db8:0:7:1::')).status).toBe(429);
  expect((await call(undefined, '2001:db8:0:8::1')).status).toBe(401);
  expect((await call(good[0], '192.0.2.8')).status).toBe(200);
});

it('a key that was good goes on while others from its address are refused, also when it is exchanged anew', async () => {
  expect((await call(good[0])).status).toBe(200);
  expect(await guess(61)).toEqual({ 401: 60, 429: 1 });

  expect((await call(good[0])).status).toBe(200);
  const until = new Date((decisions.now + 60) * 1_000).toISOString();
  edge.changes.apply(claims.tenant_id, [{ kind: 'api_key_revoked', id: claims.key_id, until }], 'event');

  expect((await call(good[0])).status).toBe(200);
  expect(edge.exchanged.filter(({ api_key }) => api_key === good[0])).toHaveLength(2);
});

it('a key refused once is refused from memory, which counts no more', async () => {
  const mistaken = mintApiKey();
  for (let time = 0; time < 70; time += 1) expect((await call(mistaken)).status).toBe(401);

  expect(edge.exchanged).toHaveLength(1);
});

it('keys that nobody could judge are not counted', async () => {
  edge.exchange = { status: 503, body: { code: 'service.unavailable' } };

  expect(await guess(70)).toEqual({ 503: 70 });
}, 30_000);
