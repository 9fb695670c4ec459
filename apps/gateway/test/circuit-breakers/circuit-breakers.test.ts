/** Real: instances of services over HTTP, identity, discovery by configured addresses, Redis. Fake: auth; the breakers are not of calls. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CircuitBreakerAnswer, CircuitBreakerList } from '@parley/contracts';
import { callsTo, type Calls } from '@parley/testing';
import { json, startStub, type StubService } from '../edge/stub-service.js';
import { Instances, type TestInstance } from './instances.js';

let instances: Instances;
let first: TestInstance;
let second: TestInstance;
let sessions: TestInstance;
/** A service of the release before, which has no such route. */
let older: StubService;
let call: Calls;
let token: string;

const read = 'circuit_breakers:read';
const reset = 'circuit_breakers:reset';

beforeAll(async () => {
  instances = await Instances.prepare();
  first = await instances.start('gateway');
  second = await instances.start('gateway');
  sessions = await instances.start('sessions');
  older = await startStub(json(404, { code: 'request.not_found' }));
  instances.addresses.push('experts=http://127.0.0.1:1', `mcp-hub=${older.url}`);
  const gateway = await instances.gateway();
  call = callsTo(gateway.service.url);
  token = instances.auth.token({ permissions: [read, reset] });
}, 30_000);

afterAll(async () => {
  await instances.stop();
  await older.stop();
}, 30_000);

const path = (name: string, action = '') => `/v1/circuit-breakers/${encodeURIComponent(name)}${action}`;
const list = async () => (await call<CircuitBreakerList>('GET', '/v1/circuit-breakers', { token })).body;

describe('the circuit breakers of the platform', () => {
  it('are those of every instance, one per name, in the worst state that any holder has', async () => {
    const name = `acme/${randomUUID()}`;
    const closed = await first.opened(name);
    closed.reset();
    await second.opened(name);
    await sessions.opened(`auth/${name}`);

    const { data } = await list();

    expect(data.filter((breaker) => breaker.name.endsWith(name))).toMatchObject([
      {
        name,
        state: 'open',
        held_by: expect.arrayContaining([
          expect.objectContaining({ service: 'gateway', instance: first.id, state: 'closed', retry_at: null }),
          expect.objectContaining({
            ...{ service: 'gateway', instance: second.id, state: 'open', retry_at: expect.any(String) },
            counts: { calls: 1, failures: 1, slow: 0, refused: 0 },
            last_change: { at: expect.any(String), from: 'closed', to: 'open' },
          }),
        ]),
      },
      { name: `auth/${name}`, held_by: [{ service: 'sessions', instance: sessions.id }] },
    ]);
  });

  it('come with the name of each instance that does not answer, and of each service without one', async () => {
    const { not_answering } = await list();
    expect(not_answering.map(({ service, instance, code }) => [service, instance, code]).sort()).toEqual([
      ['analytics', null, 'service.unavailable'],
      ['auth', expect.any(String), 'service.bad_response'],
      ['experts', 'experts@127.0.0.1:1', 'service.unavailable'],
      ['mcp-hub', expect.any(String), 'request.not_found'],
    ]);
  });

  it('tell nobody what a caller typed, unless some instance knows it from the provider', async () => {
    const [typed, known] = [`acme/${randomUUID()}`, `acme/${randomUUID()}`];
    for (const instance of [first, second]) await instance.opened(typed, true);
    await first.opened(known, true);
    await second.opened(known);

    const body = JSON.stringify(await list());

    expect(body).not.toContain(typed);
    expect(body).toContain(`"${known}"`);
    const { body: found } = await call<CircuitBreakerAnswer>('GET', path(typed), { token });
    expect(found).toMatchObject({ name: expect.stringMatching(/^acme\/~[0-9a-f]{12}$/), state: 'open' });
    expect((await call('GET', path(found.name), { token })).body).toMatchObject({ name: found.name });
  });
});

describe('a reset', () => {
  it('closes the breaker of this name in every instance, and no other', async () => {
    const name = `acme#2/meta/${randomUUID()}`;
    const [one, two] = [await first.opened(name), await second.opened(name)];
    const other = await second.opened(`acme/meta/${randomUUID()}`);

    const { status, body } = await call<CircuitBreakerAnswer>('POST', path(name, '/reset'), { token });

    expect([status, body]).toMatchObject([200, { name, state: 'closed', not_answering: expect.any(Array) }]);
    expect(Object.fromEntries(body.held_by.map(({ instance, last_change }) => [instance, last_change?.to]))).toEqual({
      [first.id]: 'closed',
      [second.id]: 'closed',
    });
    expect([one, two, other].map(({ state }) => state.kind)).toEqual(['closed', 'closed', 'open']);
  });

  it('finds a breaker that is shown by a fingerprint', async () => {
    const typed = `acme/${randomUUID()}`;
    const breaker = await second.opened(typed, true);
    const { body } = await call<CircuitBreakerAnswer>('GET', path(typed), { token });
    expect((await call('POST', path(body.name, '/reset'), { token })).body).toMatchObject({ state: 'closed' });
    expect(breaker.state.kind).toBe('closed');
  });

  it('of a breaker that nobody has is 404, and says that some did not answer', async () => {
    const { status, body } = await call('POST', path('acme/none', '/reset'), { token });
    expect([status, body]).toMatchObject([
      404,
      { code: 'circuit_breaker.not_found', detail: expect.stringMatching(/; 4 did not answer$/) },
    ]);
    expect((await call('GET', path('acme/none'), { token })).status).toBe(404);
  });
});

describe('who may', () => {
  it.each([
    ['GET', '/v1/circuit-breakers', read],
    ['GET', path('acme/model'), read],
    ['POST', path('acme/model', '/reset'), reset],
    ['GET', '/internal/circuit-breakers', read],
    ['POST', '/internal/circuit-breakers/acme%2Fmodel/reset', reset],
  ])('%s %s needs %s', async (method, route, permission) => {
    const others = [read, reset, 'completions:create'].filter((one) => one !== permission);
    const refused = await call(method, route, { token: instances.auth.token({ permissions: others }) });
    expect([refused.status, refused.body]).toMatchObject([403, { detail: `This needs the permission ${permission}` }]);
    expect((await call(method, route)).status).toBe(401);
  });

  it('resets nothing without the permission for it', async () => {
    const name = `acme/${randomUUID()}`;
    const breaker = await first.opened(name);
    await call('POST', path(name, '/reset'), { token: instances.auth.token({ permissions: [read] }) });
    expect(breaker.state.kind).toBe('open');
  });
});

describe('a path', () => {
  it('with a name that is longer than any is 400', async () => {
    expect((await call('GET', path('x'.repeat(401)), { token })).status).toBe(400);
  });

  it('whose slashes are not encoded is no name', async () => {
    const { status, body } = await call('GET', '/v1/circuit-breakers/acme/model', { token });
    expect([status, body]).toMatchObject([404, { code: 'request.not_found' }]);
  });
});
