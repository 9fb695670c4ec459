import { randomUUID } from 'node:crypto';
import { Body, Controller, type ExecutionContext, Get, HttpCode, Module, Post, Res } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisConfig, RedisModule } from '@parley/cache';
import type { Identity } from '@parley/contracts';
import { discoveryConfig, DiscoveryModule } from '@parley/discovery';
import { defineConfig, parseConfig, startService, type Service } from '@parley/service-kit';
import { eventually, testConsul, testRedis, type TestRedis } from '@parley/testing';
import { admissionOf, type Admission, limitsConfig, LimitsModule, RateLimited } from '../src/index.js';

const [tenantId, smallTenant] = [randomUUID(), randomUUID()];

/** Who calls, as this test's callers say themselves. */
const identityOf = (headers: Record<string, string>): Partial<Identity> => ({
  tenantId: headers['x-tenant'] ?? tenantId,
  subject: headers['x-subject'] ?? 'nobody',
  ...(headers['x-key'] && { keyId: headers['x-key'], requestsPerMinute: Number(headers['x-limit']) }),
  ...(headers['x-streams'] && { concurrentStreams: Number(headers['x-streams']) }),
  ...(headers['x-tokens'] && { tokensPerMinute: Number(headers['x-tokens']) }),
});

interface Request {
  readonly headers: Record<string, string>;
  identity?: Partial<Identity>;
}

/** What Fastify gives. */
type Reply = Parameters<Admission['spend']>[1] & { readonly request: object };

@Controller()
@RateLimited()
class ThingsController {
  @Get('things')
  things() {
    return { things: [] };
  }

  /** Answers when the test says so; `take` takes the lease and leaves it to nobody. */
  @Post('answers')
  @HttpCode(200)
  @RateLimited({ tokens: true, asksForStream: (body) => (body as { stream?: boolean }).stream === true })
  async answer(@Body() body: { used?: number; take?: boolean }, @Res({ passthrough: true }) reply: Reply) {
    const admission = admissionOf(reply.request);
    admission.spend(body.used ?? 0, reply);
    if (body.take) admission.takeLease();
    return {};
  }
}

@Controller()
class FreeController {
  @Get('free')
  free() {
    return {};
  }
}

/** Real: Redis, Consul and a whole service on the kit. Fake: identity, which a global guard reads from headers. */
describe('@RateLimited', () => {
  let redis: TestRedis;
  let service: Service;
  const consul = testConsul();
  const name = consul.serviceName('limits');

  beforeAll(async () => {
    redis = await testRedis();
    const config = parseConfig(defineConfig({ ...redisConfig, ...discoveryConfig, ...limitsConfig }), {
      LOG_LEVEL: 'fatal',
      PARLEY_DRAIN_ANNOUNCE_MS: '0',
      REDIS_URL: redis.url,
      CONSUL_URL: consul.url,
      USER_REQUESTS_PER_MINUTE: '40',
    });
    const canActivate = (context: ExecutionContext): boolean => {
      const request = context.switchToHttp().getRequest<Request>();
      if (request.headers['x-subject'] !== 'unknown') request.identity = identityOf(request.headers);
      return true;
    };
    @Module({
      imports: [
        RedisModule.forRoot(config),
        DiscoveryModule.forRoot({ service: name, config }),
        LimitsModule.forRoot(config),
      ],
      controllers: [ThingsController, FreeController],
      providers: [{ provide: APP_GUARD, useValue: { canActivate } }],
    })
    class App {}
    service = await startService({ service: name, module: App, config });
  });
  afterAll(async () => {
    await service.stop();
    await redis.close();
  });

  const get = (headers: Record<string, string>, path = '/things') => fetch(`${service.url}${path}`, { headers });
  const ask = (headers: Record<string, string>, body: object) =>
    fetch(`${service.url}/answers`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const key = (limit: number) => ({ 'x-subject': randomUUID(), 'x-key': randomUUID(), 'x-limit': String(limit) });

  it('counts an API key’s calls against its own limit, says what is left, and refuses the one too many', async () => {
    const caller = key(3);
    for (const remaining of ['2', '1', '0']) {
      const { status, headers } = await get(caller);
      expect(status).toBe(200);
      expect(headers.get('x-ratelimit-limit-requests')).toBe('3');
      expect(headers.get('x-ratelimit-remaining-requests')).toBe(remaining);
      expect(headers.get('x-ratelimit-reset-requests')).toMatch(/^(1m0|[1-5]?\d(\.\d)?)s$/);
    }
    const refused = await get(caller);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      code: 'request.rate_limited',
      detail: 'At most 3 requests a minute for this API key',
    });
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await get(key(3))).status).toBe(200);
  });

  it('counts what a user does with several keys against the user’s limit, too', async () => {
    const [one, other] = [key(30), key(30)];
    const get40 = Array.from({ length: 40 }, (_, call) => get({ ...(call % 2 ? one : other), 'x-subject': 'carol' }));
    expect(new Set((await Promise.all(get40)).map(({ status }) => status))).toEqual(new Set([200]));

    const refused = await get({ ...one, 'x-subject': 'carol' });
    expect(await refused.json()).toMatchObject({ detail: 'At most 40 requests a minute for this user' });
    expect((await get({ ...one, 'x-subject': 'dave' })).headers.get('x-ratelimit-remaining-requests')).toBe('9');
  });

  it('counts a user without a key against the configured limit', async () => {
    for (let call = 0; call < 40; call++) expect((await get({ 'x-subject': 'alice' })).status).toBe(200);
    expect((await get({ 'x-subject': 'alice' })).status).toBe(429);
    expect((await get({ 'x-subject': 'bob' })).status).toBe(200);
  });

  it('tells the same in the fields of the IETF’s draft, with one moment to come back', async () => {
    const caller = key(1);
    const { headers } = await get(caller);
    expect(headers.get('ratelimit-policy')).toBe('"key-requests";q=1;w=60, "user-requests";q=40;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"key-requests";r=0;t=(60|59), "user-requests";r=39;t=(60|59)$/);

    const refused = await get(caller);
    expect(refused.headers.get('ratelimit')).toContain(`"key-requests";r=0;t=${refused.headers.get('retry-after')},`);
  });

  it('counts a call once where controller and route both say that it counts, by what the route says', async () => {
    const caller = { ...key(5), 'x-tokens': '100' };
    const { headers } = await ask(caller, { used: 30 });
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('4');
    expect(headers.get('x-ratelimit-remaining-tokens')).toBe('70');
    expect((await get(caller)).headers.has('x-ratelimit-limit-tokens')).toBe(false);
  });

  it('gives back the lease of a stream that nobody took with its answer, and leaves that of another alone', async () => {
    const caller = { ...key(100), 'x-streams': '1' };
    for (let call = 0; call < 3; call++)
      await eventually(async () => expect((await ask(caller, { stream: true })).status).toBe(200));
    await eventually(async () => expect((await ask(caller, { stream: true, take: true })).status).toBe(200));

    const refused = await ask(caller, { stream: true });

    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ detail: 'At most 1 streams at a time for this API key' });
    expect(refused.headers.get('ratelimit')).toContain('"key-streams";r=0');
    expect((await ask(caller, { stream: false })).status).toBe(200);
  });

  it('counts under the tenant', async () => {
    const caller = key(3);
    await get(caller);
    expect(await redis.client.exists(`parley:limit:{${tenantId}}:${caller['x-key']}`)).toBe(1);
  });

  it('leaves other routes alone', async () => {
    const { status, headers } = await get(key(1), '/free');
    expect(status).toBe(200);
    expect(headers.has('x-ratelimit-limit-requests')).toBe(false);
  });

  it('fails on a route where nobody is known, rather than counting for nobody', async () => {
    expect((await get({ 'x-subject': 'unknown' })).status).toBe(500);
  });

  it('holds two users of a tenant to its limit together, from when the live configuration says so, and no other tenant', async () => {
    const setting = `${consul.url}/v1/kv/parley/config/${name}`;
    const settings = { tenants: { [smallTenant]: { tenant_requests_per_minute: 4, user_requests_per_minute: 3 } } };
    await fetch(setting, { method: 'PUT', body: JSON.stringify(settings) });
    const as = (subject: string, tenant = smallTenant) => get({ 'x-subject': subject, 'x-tenant': tenant });
    await eventually(async () => expect((await as('probe')).headers.get('ratelimit-policy')).toContain('tenant'));
    await redis.client.flushdb();

    const statuses = [];
    for (const subject of ['ada', 'ada', 'ada', 'ada', 'bob', 'bob']) statuses.push((await as(subject)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 200, 429]);
    const refused = await as('bob');
    expect(await refused.json()).toMatchObject({ detail: 'At most 4 requests a minute for this tenant' });
    expect(refused.headers.get('x-ratelimit-limit-requests')).toBe('4');
    expect(refused.headers.get('ratelimit-policy')).toBe('"user-requests";q=3;w=60, "tenant-requests";q=4;w=60');
    expect((await as('ada', randomUUID())).status).toBe(200);
    await fetch(setting, { method: 'DELETE' });
    await eventually(async () => expect((await as('bob')).status).toBe(200));
  });

  it('takes the limit of users from the live configuration', async () => {
    const setting = `${consul.url}/v1/kv/parley/config/${name}`;
    await fetch(setting, { method: 'PUT', body: '{"user_requests_per_minute":77}' });
    await eventually(async () => {
      const { headers } = await get({ 'x-subject': randomUUID() });
      expect(headers.get('x-ratelimit-limit-requests')).toBe('77');
    });
    await fetch(setting, { method: 'DELETE' });
    await eventually(async () => {
      const { headers } = await get({ 'x-subject': randomUUID() });
      expect(headers.get('x-ratelimit-limit-requests')).toBe('40');
    });
  });
});
