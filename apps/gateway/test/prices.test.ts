/** Real: the gateway over HTTP, PostgreSQL, Redis. Fake: auth, the provider; the broker is away. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EffectivePrices, PriceVersion, PriceVersionList, UsageRecord } from '@parley/contracts';
import { eventually, testService, type TestService } from '@parley/testing';
import { answeredBy, completionOf, startGateway } from './answering-gateway.js';
import { json, startStub, type StubService } from './edge/stub-service.js';

let provider: StubService;
let gateway: TestService;

beforeAll(async () => {
  provider = await startStub(json(200, completionOf('gpt-5.5-2026-04-23')));
  gateway = await testService({
    start: startGateway,
    env: answeredBy(provider),
  });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
}, 30_000);

const permissions = ['completions:create', 'prices:read', 'prices:write'];

/** One tenant at the gateway. */
function newTenant(id = randomUUID()) {
  const token = () => gateway.token({ tenant_id: id, permissions });
  const call = async <T>(method: string, path: string, body?: object) =>
    gateway.call<T>(method, `/v1/model-prices${path}`, { token: token(), ...(body && { body }) });
  return {
    set: (models: object, more: object = {}) =>
      call<PriceVersion>('POST', '', { source: 'a contract', models, ...more }),
    effective: async () => (await call<EffectivePrices>('GET', '')).body.data,
    versions: async (query = '') => (await call<PriceVersionList>('GET', `/versions${query}`)).body,
    /** What one call cost, as its answer says. */
    ask: async (model = 'gpt-5.5') => {
      const body = { model, messages: [{ role: 'user', content: 'Are you there?' }] };
      const answer = await gateway.call('POST', '/v1/chat/completions', { token: token(), body });
      expect(answer.status).toBe(200);
      return answer.headers.get('x-parley-cost');
    },
    records: () =>
      gateway.database
        .query<{ record: UsageRecord }>('select record from usage_records where tenant_id = $1 order by id', [id])
        .then((rows) => rows.map(({ record }) => record)),
  };
}

// 7 tokens in and 2 out, at 5 and 30 dollars per million.
const shipped = '0.000095';
const dear = { 'gpt-5.5': { input: '10', output: '100' } };
const dearCost = '0.00027';

describe('what a call cost', () => {
  it('is on its record by the platform’s price, with the version of it, as in the answer’s header', async () => {
    const tenant = newTenant();
    expect(await tenant.ask()).toBe(shipped);
    expect(await tenant.records()).toEqual([
      expect.objectContaining({
        cost_usd: shipped,
        price_version: expect.stringMatching(/^openai:\d{4}-\d{2}-\d{2}$/),
        attempts: 1,
      }),
    ]);
  });

  it('is by the tenant’s own price from the moment on that it is set, and for no other tenant', async () => {
    const [tenant, other] = [newTenant(), newTenant()];
    await tenant.ask();
    const { body, status } = await tenant.set(dear);
    expect(status).toBe(201);

    expect([await tenant.ask(), await other.ask()]).toEqual([dearCost, shipped]);
    expect((await tenant.records()).at(-1)).toMatchObject({ price_version: body.version });
  });

  it('changes at the moment that a version names, to the millisecond', async () => {
    const tenant = newTenant();
    const from = new Date(Date.now() + 3_000).toISOString();
    const { body } = await tenant.set(dear, { effective_from: from });
    expect(await tenant.ask()).toBe(shipped);
    await eventually(async () => expect(await tenant.ask()).toBe(dearCost));

    for (const { occurred_at, price_version } of await tenant.records())
      expect(price_version === body.version).toBe(occurred_at >= from);
  });

  it('is the platform’s again where the next version does not name the model', async () => {
    const tenant = newTenant();
    await tenant.set(dear);
    await tenant.set({});
    expect(await tenant.ask()).toBe(shipped);
  });

  it('is unknown where nobody has a price, and then neither header nor record says one', async () => {
    const tenant = newTenant();
    provider.answer = json(200, completionOf('unpriced'));
    try {
      expect(await tenant.ask('openai/unpriced')).toBeNull();
      const [record] = await tenant.records();
      expect(record).toMatchObject({ provider_model: 'unpriced' });
      expect(record).not.toHaveProperty('cost_usd');
      expect(record).not.toHaveProperty('price_version');
    } finally {
      provider.answer = json(200, completionOf('gpt-5.5-2026-04-23'));
    }
  });
});

describe('the effective prices', () => {
  it('have the source and the day of each, the tenant’s own before the platform’s', async () => {
    const tenant = newTenant();
    const { body } = await tenant.set(dear);
    const prices = new Map((await tenant.effective()).map((row) => [row.model, row]));
    expect(prices.get('gpt-5.5')).toEqual({
      model: 'gpt-5.5',
      price: dear['gpt-5.5'],
      version: body.version,
      source: 'a contract',
      as_of: body.effective_from.slice(0, 10),
    });
    expect(prices.get('claude-opus-5-5')).toMatchObject({
      source: 'https://platform.claude.com/docs/en/about-claude/pricing',
      price: { cache_write: '5', cache_write_1h: '8' },
    });
  });

  it('have nothing of a version that is still to come', async () => {
    const tenant = newTenant();
    await tenant.set(dear, { effective_from: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await tenant.effective()).find(({ model }) => model === 'gpt-5.5')?.source).not.toBe('a contract');
  });
});

describe('the versions', () => {
  it('are listed by when they begin, the latest first, and paged without losing one; another tenant has none of them', async () => {
    const [tenant, other] = [newTenant(), newTenant()];
    const made: PriceVersion[] = [];
    for (const hours of [0, 2, 1]) {
      const effective_from = new Date(Date.now() + hours * 3_600_000 + 60_000).toISOString();
      made.push((await tenant.set(dear, { effective_from })).body);
    }
    const first = await tenant.versions('?limit=2');
    const rest = await tenant.versions(`?limit=2&cursor=${first.next_cursor ?? ''}`);
    expect([...first.data, ...rest.data]).toEqual([made[1], made[2], made[0]]);
    expect(rest.next_cursor).toBeNull();
    expect((await other.versions()).data).toEqual([]);
    expect(await gateway.database.seenBy(randomUUID(), ['model_price_versions'])).toEqual([0]);
  });

  it('to come are twenty at most, however many are set at once', async () => {
    const tenant = newTenant();
    const at = (hours: number) => ({ effective_from: new Date(Date.now() + hours * 3_600_000).toISOString() });
    const answers = await Promise.all(Array.from({ length: 24 }, (_, hours) => tenant.set({}, at(hours + 1))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    for (const refused of answers.filter(({ status }) => status !== 201))
      expect(refused).toMatchObject({ status: 409, body: { code: 'price_version.too_many' } });
    expect((await tenant.set({})).status).toBe(201);
  });

  it('of one day are fifty at most, however many are set at once; another tenant has its own fifty', async () => {
    const [tenant, other] = [newTenant(), newTenant()];
    const answers = await Promise.all(Array.from({ length: 54 }, () => tenant.set({})));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    const refused = answers.find(({ status }) => status !== 201);
    expect(refused).toMatchObject({ status: 429, body: { code: 'price_version.too_often' } });
    const seconds = Number(refused?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(86_000);
    expect(seconds).toBeLessThanOrEqual(86_400);
    expect((await other.set({})).status).toBe(201);
  });

  it.each([
    ['a moment that has passed', { effective_from: '2026-01-01T00:00:00Z' }, 'effective_from'],
    ['a moment that is none', { effective_from: 'tomorrow' }, 'effective_from'],
    ['no source', { source: '' }, 'source'],
    ['a price that is no decimal', { models: { a: { input: '1e3', output: '1' } } }, 'models.a.input'],
    ['a price with an unknown part', { models: { a: { input: '1', output: '1', images: '1' } } }, 'models.a'],
    ['a name that is none', { models: { 'a model': { input: '1', output: '1' } } }, 'models'],
    [
      '501 models',
      { models: Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`m${i}`, dear['gpt-5.5']])) },
      'models',
    ],
    ['an unknown field', { currency: 'EUR' }, ''],
  ])('with %s are refused, and the field is named', async (_, more, path) => {
    expect(await newTenant().set(dear, more)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', errors: [{ path: expect.stringContaining(path) }] },
    });
  });

  it.each([
    ['GET', '', 'prices:write'],
    ['GET', '/versions', 'prices:write'],
    ['POST', '', 'prices:read'],
  ])('%s /v1/model-prices%s is not for callers who have %s alone', async (method, path, permission) => {
    const token = gateway.token({ permissions: [permission] });
    const body = method === 'POST' ? { body: { source: 'mine', models: {} } } : {};
    expect((await gateway.call(method, `/v1/model-prices${path}`, { token, ...body })).status).toBe(403);
  });

  it.each(['limit=0', 'limit=21', 'cursor=e30', 'x=1'])('are not listed by %s', async (query) => {
    const token = gateway.token({ permissions });
    expect((await gateway.call('GET', `/v1/model-prices/versions?${query}`, { token })).status).toBe(400);
  });
});
