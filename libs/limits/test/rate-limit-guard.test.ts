import { randomUUID } from 'node:crypto';
import { Controller, type ExecutionContext, Get, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisConfig, RedisModule } from '@parley/cache';
import type { Identity } from '@parley/contracts';
import { discoveryConfig, DiscoveryModule } from '@parley/discovery';
import { defineConfig, parseConfig, startService, type Service } from '@parley/service-kit';
import { eventually, testConsul, testRedis, type TestRedis } from '@parley/testing';
import { limitsConfig, LimitsModule, RateLimited } from '../src/index.js';

const tenantId = randomUUID();

/** Who calls, as this test's callers say themselves. */
const identityOf = (headers: Record<string, string>): Partial<Identity> => ({
  tenantId,
  subject: headers['x-subject'] ?? 'nobody',
  ...(headers['x-key'] && { keyId: headers['x-key'], requestsPerMinute: Number(headers['x-limit']) }),
});

interface Request {
  readonly headers: Record<string, string>;
  identity?: Partial<Identity>;
}

@Controller()
class ThingsController {
  @Get('things')
  @RateLimited()
  things() {
    return { things: [] };
  }

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
      USER_REQUESTS_PER_MINUTE: '2',
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
      controllers: [ThingsController],
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
  const key = (limit: number) => ({ 'x-subject': 'u', 'x-key': randomUUID(), 'x-limit': String(limit) });

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
    expect(await refused.json()).toMatchObject({ code: 'request.rate_limited', detail: 'At most 3 requests a minute' });
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await get(key(3))).status).toBe(200);
  });

  it('counts a user without a key against the configured limit', async () => {
    const statuses = [];
    for (let call = 0; call < 3; call++) statuses.push((await get({ 'x-subject': 'alice' })).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await get({ 'x-subject': 'bob' })).status).toBe(200);
  });

  it('counts under the tenant', async () => {
    const caller = key(3);
    await get(caller);
    expect(await redis.client.exists(`parley:limit:${tenantId}:${caller['x-key']}`)).toBe(1);
  });

  it('leaves other routes alone', async () => {
    const { status, headers } = await get(key(1), '/free');
    expect(status).toBe(200);
    expect(headers.has('x-ratelimit-limit-requests')).toBe(false);
  });

  it('fails on a route where nobody is known, rather than counting for nobody', async () => {
    expect((await get({ 'x-subject': 'unknown' })).status).toBe(500);
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
      expect(headers.get('x-ratelimit-limit-requests')).toBe('2');
    });
  });
});
