/** Real: two gateways over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: auth, the providers. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ModelRoute, ModelRouteList, ModelRouteReport } from '@parley/contracts';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService, type Service } from '@parley/service-kit';
import { callsTo, eventually, testService, type Calls, type TestService } from '@parley/testing';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';
import { json, startStub, type StubService } from './edge/stub-service.js';

const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'small-1',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: 2, total_tokens: 102, prompt_tokens_details: { cached_tokens: 75 } },
};

/** Which answers with errors, of the two providers. */
const failing = new Set<string>();
let provider: StubService;
let gateway: TestService;
/** Another gateway on the same servers. */
let other: Service;
let callOther: Calls;

beforeAll(async () => {
  provider = await startStub((req, res) => {
    const [, name = ''] = req.url?.split('/') ?? [];
    if (req.url?.endsWith('/models')) json(200, { data: [{ id: `${name}-only` }] })(req, res);
    else if (failing.has(name)) json(500, { error: { message: 'no' } })(req, res);
    else json(200, answer)(req, res);
  });
  const named = (name: string) => [name, { kind: 'openai', base_url: `${provider.url}/${name}/v1` }] as const;
  const start = (env: Readonly<Record<string, string>>) => {
    const config = parseConfig(schema, env);
    return startService({ service, module: AppModule.forRoot(config), config, onApplication: connectEvents });
  };
  gateway = await testService({
    start: async (env) => {
      const first = await start(env);
      other = await start(env);
      return first;
    },
    env: { PARLEY_PROVIDERS: JSON.stringify(Object.fromEntries([named('one'), named('two')])) },
  });
  callOther = callsTo(other.url);
}, 60_000);
afterAll(async () => {
  await other.stop();
  await gateway.stop();
  await provider.stop();
}, 30_000);
beforeEach(() => failing.clear());

/** A tenant of its own, with all that an admin may do here. */
function newTenant(
  permissions = ['model_routes:read', 'model_routes:write', 'completions:create', 'models:read'],
  claims: object = {},
) {
  const token = gateway.token({ tenant_id: randomUUID(), permissions, ...claims });
  const routes = <T = ModelRoute>(method: string, path = '', body?: object) =>
    gateway.call<T>(method, `/v1/model-routes${path}`, { token, ...(body && { body }) });
  const ask = (model: string, call = gateway.call) =>
    call('POST', '/v1/chat/completions', { token, body: { model, messages: [{ role: 'user', content: 'There?' }] } });
  return { token, routes, ask };
}
const targets = [{ model: 'one/small' }, { model: 'two/small', weight: 3 }];
const servedBy = ({ headers }: { headers: Headers }) =>
  ['provider', 'model', 'attempts'].map((name) => headers.get(`x-parley-${name}`));

describe('a route of models', () => {
  it('is kept as it was given, listed by name, changed in what a change names, and gone once deleted', async () => {
    const { routes } = newTenant();
    const made = await routes('POST', '', { name: 'fast', targets });
    expect(made).toMatchObject({
      status: 201,
      body: { strategy: 'ordered', hedge_after_ms: null, targets: [{ model: 'one/small', weight: 1 }, targets[1]] },
    });
    await routes('POST', '', {
      name: 'cheap',
      targets: [{ model: 'one-only' }],
      strategy: 'weighted',
      hedge_after_ms: 9,
    });
    const { body: list } = await routes<ModelRouteList>('GET');
    expect(list.data.map(({ name }) => name)).toEqual(['cheap', 'fast']);
    expect(list.data[1]).toEqual(made.body);

    const changed = await routes('PATCH', '/cheap', { strategy: 'cache_affinity' });

    expect(changed.body).toMatchObject({
      strategy: 'cache_affinity',
      hedge_after_ms: 9,
      targets: [{ model: 'one-only' }],
    });
    expect((await routes('PATCH', '/cheap', { hedge_after_ms: null })).body.hedge_after_ms).toBeNull();
    expect((await routes('DELETE', '/cheap')).status).toBe(204);
    for (const [method, body] of [['GET'], ['PATCH', { strategy: 'ordered' }], ['DELETE']] as const)
      expect(await routes(method, '/cheap', body)).toMatchObject({
        status: 404,
        body: { code: 'model_route.not_found' },
      });
  });

  it('answers to its name in place of a model, by the next target where one fails', async () => {
    const { routes, ask } = newTenant();
    expect((await ask('fast')).status).toBe(404);
    await routes('POST', '', { name: 'fast', targets });
    expect(servedBy(await ask('fast'))).toEqual(['one', 'small', '1']);
    failing.add('one');
    expect(servedBy(await ask('fast'))).toEqual(['two', 'small', '2']);
    await routes('DELETE', '/fast');
    expect((await ask('fast')).status).toBe(404);
  });

  it('is there at once in every gateway, and gone there as soon', async () => {
    const { routes, ask } = newTenant();
    expect((await ask('fast', callOther)).status).toBe(404);
    await routes('POST', '', { name: 'fast', targets });
    await eventually(async () => expect(servedBy(await ask('fast', callOther))[0]).toBe('one'));
    await routes('PATCH', '/fast', { targets: [{ model: 'two/small' }] });
    await eventually(async () => expect(servedBy(await ask('fast', callOther))[0]).toBe('two'));
    await routes('DELETE', '/fast');
    await eventually(async () => expect((await ask('fast', callOther)).status).toBe(404));
  });

  it('is listed among the models of its tenant, in place of a model of this name', async () => {
    const { routes, token } = newTenant();
    await routes('POST', '', { name: 'fast', targets });
    await routes('POST', '', { name: 'one-only', targets });
    const { body } = await gateway.call<{ data: { id: string }[] }>('GET', '/v1/models', { token });
    expect(body.data.map(({ id }) => id)).toEqual(['fast', 'one-only', 'two-only', 'circle']);
    const one = await gateway.call('GET', '/v1/models/fast', { token });
    expect(one.body).toMatchObject({ id: 'fast', owned_by: 'parley' });
  });

  it('tells how much of its prompts was read from the cache, by target, and starts anew when it is changed', async () => {
    const { routes, ask } = newTenant();
    await routes('POST', '', { name: 'fast', targets });
    const report = async () => (await routes<ModelRouteReport>('GET', '/fast')).body.prompt_cache;
    expect(await report()).toMatchObject({ calls: 0, hit_rate: null, targets: [] });
    await ask('fast');
    await ask('fast', callOther);
    const counts = { calls: 2, prompt_tokens: 200, cache_read_tokens: 150, hit_rate: 0.75 };
    await eventually(async () =>
      expect(await report()).toMatchObject({ ...counts, targets: [{ provider: 'one', model: 'small', ...counts }] }),
    );
    await routes('PATCH', '/fast', { strategy: 'cache_affinity' });
    expect(await report()).toMatchObject({ calls: 0 });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/model_route_prompt_tokens_total\{strategy="ordered",source="cache"\} [1-9]/);
  });
});

describe('a route is refused', () => {
  it.each<[string, object, string]>([
    ['whose target no provider serves', { targets: [{ model: 'one/small' }, { model: 'nobody' }] }, 'targets.1.model'],
    ['that leads to the circle of experts', { targets: [{ model: 'circle' }] }, 'targets.0.model'],
    ['that is named as the circle of experts', { name: 'circle' }, 'name'],
    ['whose name has a slash', { name: 'one/small' }, 'name'],
    ['without targets', { targets: [] }, 'targets'],
    ['with a target twice', { targets: [targets[0], targets[0]] }, 'targets'],
    ['whose targets have no weight', { targets: [{ model: 'one/small', weight: 0 }] }, 'targets'],
    ['with a strategy that does not exist', { strategy: 'best' }, 'strategy'],
    ['with a field that does not exist', { sticky: true }, 'sticky'],
  ])('%s', async (_, wrong, path) => {
    const { routes } = newTenant();
    const refused = await routes<{ code: string; errors: unknown[] }>('POST', '', { name: 'fast', targets, ...wrong });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(JSON.stringify(refused.body)).toContain(path);
  });

  it('whose name is taken, or that is one too many', async () => {
    const { routes } = newTenant();
    const make = (name: string) => routes('POST', '', { name, targets });
    await Promise.all(Array.from({ length: 100 }, (_, index) => make(`route-${index}`)));
    expect((await routes<ModelRouteList>('GET')).body.data).toHaveLength(100);
    expect(await make('one-more')).toMatchObject({ status: 409, body: { code: 'model_route.too_many' } });
    await routes('DELETE', '/route-1');
    expect(await make('route-2')).toMatchObject({ status: 409, body: { code: 'model_route.exists' } });
  });

  it('of a key that is bound to models, which could give their names to any other; it reads them all the same', async () => {
    const tenant_id = randomUUID();
    const [free, bound] = [newTenant(undefined, { tenant_id }), newTenant(undefined, { tenant_id, models: ['small'] })];
    await free.routes('POST', '', { name: 'fast', targets });
    for (const [method, path, body] of [
      ['POST', '', { name: 'small', targets }],
      ['PATCH', '/fast', { strategy: 'fastest' }],
      ['DELETE', '/fast', undefined],
    ] as const)
      expect(await bound.routes(method, path, body)).toMatchObject({
        status: 403,
        body: { code: 'api_key.not_grantable', detail: expect.stringContaining('bound to models') },
      });
    expect((await bound.routes<ModelRouteList>('GET')).body.data).toMatchObject([
      { name: 'fast', strategy: 'ordered' },
    ]);
  });

  it('to one who may not write, and to read to one who may not read', async () => {
    const reader = newTenant(['model_routes:read']);
    expect((await reader.routes('POST', '', { name: 'fast', targets })).status).toBe(403);
    expect((await reader.routes('GET')).status).toBe(200);
    expect((await newTenant(['completions:create']).routes('GET')).status).toBe(403);
  });
});

describe('another tenant', () => {
  it('has no part in a route: not by its name, nor as a model, nor by row', async () => {
    const [ours, theirs] = [newTenant(), newTenant()];
    await ours.routes('POST', '', { name: 'fast', targets });
    expect((await theirs.ask('fast')).status).toBe(404);
    for (const [method, body] of [['GET'], ['PATCH', { strategy: 'fastest' }], ['DELETE']] as const)
      expect((await theirs.routes(method, '/fast', body)).status).toBe(404);
    expect((await theirs.routes<ModelRouteList>('GET')).body.data).toEqual([]);
    expect((await theirs.routes('POST', '', { name: 'fast', targets: [{ model: 'two/small' }] })).status).toBe(201);
    expect(servedBy(await ours.ask('fast'))[0]).toBe('one');
    expect(servedBy(await theirs.ask('fast'))[0]).toBe('two');
    expect(await gateway.database.seenBy(randomUUID(), ['model_routes'])).toEqual([0]);
  });
});
