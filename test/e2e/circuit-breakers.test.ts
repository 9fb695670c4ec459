import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerAnswer, CircuitBreakerList } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { call, demoKey, model, newKey, question } from './platform.js';
import { secondTenant } from './second-tenant.js';

/** A model of its own for each test: its provider serves it without listing it, so its name is one that a caller has made up. */
const newModel = () => `anthropic/offline-${randomUUID()}`;
const ask = (asked: string, content = 'How far is the moon?') =>
  call('POST', '/v1/chat/completions', {
    key: demoKey,
    body: { model: asked, messages: [{ role: 'user', content }] },
  });
const path = (name: string, action = '') => `/v1/circuit-breakers/${encodeURIComponent(name)}${action}`;
const list = async () =>
  (await call('GET', '/v1/circuit-breakers', { key: demoKey })).json() as unknown as CircuitBreakerList;
const read = async (name: string) =>
  (await call('GET', path(name), { key: demoKey })).json() as unknown as CircuitBreakerAnswer;

/** Asks until the breaker has seen enough of it. It stays open until a call comes after its time is up. */
async function opened(): Promise<string> {
  const name = newModel();
  await eventually(async () => {
    await Promise.all(Array.from({ length: 25 }, () => ask(name, '[offline: fault=500] And the sun?')));
    expect(await read(name)).toMatchObject({ state: 'open' });
  });
  return name;
}

describe('a breaker that a failing model has opened', () => {
  it('is seen with what it was opened for, is reset, and the next call goes through', async () => {
    const name = await opened();
    const { name: shown, held_by: holders } = await read(name);
    expect((await list()).data).toContainEqual(expect.objectContaining({ name: shown, state: 'open' }));
    expect(holders).toMatchObject([
      { service: 'gateway', retry_at: expect.any(String), last_change: { at: expect.any(String), to: 'open' } },
    ]);
    expect(holders[0]?.counts.failures).toBeGreaterThanOrEqual(20);

    const reset = await call('POST', path(shown, '/reset'), { key: demoKey });

    expect([reset.status, reset.json()]).toMatchObject([
      200,
      { name: shown, state: 'closed', held_by: [{ last_change: { from: 'open', to: 'closed' } }] },
    ]);
    expect((await ask(name)).status).toBe(200);
    expect(await read(name)).toMatchObject({
      state: 'closed',
      held_by: [{ counts: { calls: 1, failures: 0, slow: 0, refused: 0 } }],
    });
  });

  it('shows nobody the name that was typed, nothing to the owner of another tenant, and is reset only by who may', async () => {
    const name = await opened();
    expect(JSON.stringify(await list())).not.toContain(name.replace('anthropic/', ''));
    const another = await secondTenant();
    expect((await call('GET', '/v1/circuit-breakers', { key: another })).status).toBe(403);
    expect((await call('POST', path(name, '/reset'), { key: another })).status).toBe(403);

    const { key } = await newKey({ permissions: ['circuit_breakers:read'] });
    expect((await call('POST', path(name, '/reset'), { key })).status).toBe(403);
    expect((await call('GET', path(name), { key })).json()).toMatchObject({ state: 'open' });
    expect((await call('GET', path(name), { key: (await newKey({ permissions: ['models:read'] })).key })).status).toBe(
      403,
    );
  });
});

it('every service tells of its breakers, and none is missing', async () => {
  await call('POST', '/v1/chat/completions', { key: demoKey, body: { model, messages: question } });
  // An instance that takes longer than two seconds counts as not answering, for that once.
  await eventually(async () => expect((await list()).not_answering).toEqual([]));
  const { data } = await list();
  expect(data.map(({ name }) => name)).toContain(`anthropic/${model}`);
  const ofAuth = data.filter(({ name }) => name.startsWith('auth/')).flatMap(({ held_by: holders }) => holders);
  expect(new Set(ofAuth.map(({ service }) => service))).toEqual(
    new Set(['gateway', 'sessions', 'experts', 'mcp-hub', 'analytics']),
  );
});

it('a breaker that there is not is 404', async () => {
  const answer = await call('GET', path(newModel()), { key: demoKey });
  expect([answer.status, answer.json()]).toMatchObject([404, { code: 'circuit_breaker.not_found' }]);
});
