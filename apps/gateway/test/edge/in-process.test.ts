import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { Controller, Get, Module, Post, Body } from '@nestjs/common';
import { RedisModule } from '@parley/cache';
import { DiscoveryModule } from '@parley/discovery';
import { Caller, IdentityModule, Permit } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { HttpJwksSource, ServiceClientModule } from '@parley/service-client';
import { serviceConfig, startService, type Service } from '@parley/service-kit';
import type { Identity } from '@parley/contracts';
import { testRedis, type TestRedis } from '@parley/testing';
import { z } from 'zod';
import { edgeDialects } from '../../src/dialects/error-dialects.js';
import { EdgeModule } from '../../src/edge/edge.module.js';
import { EdgeServer } from '../../src/edge/edge.server.js';
import { ask } from './ask.js';
import { json, startStub, type StubService } from './stub-service.js';
import { jwks, makeToken } from './tokens.js';

/*
 * The edge in front of a real service of the kit, in one process: Nest, Fastify, Redis and the identity guard are real, the auth
 * service is a stub over HTTP.
 */

const key = 'ply_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0StQ0k';
const seconds = Math.floor(Date.now() / 1_000);
const exchanged = makeToken({ claims: { nbf: seconds, exp: seconds + 60, permissions: ['models:read'] } });

@Controller('v1')
class ModelsController {
  @Get('models')
  @Permit('models:read')
  list(@Caller() caller: Identity) {
    return { tenant_id: caller.tenantId };
  }

  @Post('chat/completions')
  @Permit('completions:create')
  complete(@Body() body: unknown) {
    return body;
  }
}

let auth: StubService;
let service: Service;
let redis: TestRedis;
let url = '';

beforeAll(async () => {
  redis = await testRedis();
  auth = await startStub((req, res) => {
    json(200, req.url === '/.well-known/jwks.json' ? jwks : { access_token: exchanged, expires_in: 60 })(req, res);
  });

  @Module({
    imports: [
      DiscoveryModule.forRoot({
        service: 'gateway',
        config: { PARLEY_ADDRESSES: [{ service: 'auth', url: auth.url }], PARLEY_ADVERTISE_HOST: '127.0.0.1' },
      }),
      RedisModule.forRoot({ REDIS_URL: redis.url, REDIS_COMMAND_TIMEOUT_MS: 250 }),
      ServiceClientModule.forRoot({ config: { SERVICE_TIMEOUT_MS: 5_000, SERVICE_CONNECTIONS: 16 } }),
      IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
      LimitsModule.forRoot({}),
      EdgeModule.forRoot({
        port: 0,
        host: '127.0.0.1',
        routesFile: join(import.meta.dirname, '../../../../kong/kong.yml'),
        dialects: edgeDialects,
      }),
    ],
    controllers: [ModelsController],
  })
  class GatewayModule {}

  service = await startService({
    service: 'gateway',
    module: GatewayModule,
    config: z.object(serviceConfig).parse({ LOG_LEVEL: 'silent', PARLEY_DRAIN_ANNOUNCE_MS: '0' }),
    afterListen: async ({ app, handle }) => {
      url = (await app.get(EdgeServer).listen(handle)) ?? '';
    },
  });
});
afterAll(async () => {
  await service.stop();
  await Promise.all([auth.stop(), redis.close()]);
});

it('a key presented to the edge opens the gateway’s own routes, with the permissions of its token and no others', async () => {
  const headers = { 'x-api-key': key, 'x-request-id': 'mine-1' };

  const models = await ask(url, '/v1/models', { headers });
  const chat = await ask(url, '/v1/chat/completions', { method: 'POST', headers });

  expect(models.json()).toEqual({ tenant_id: '5b2d1a0c-9a1b-4c2d-8e3f-7a6b5c4d3e02' });
  expect(models.headers['x-request-id']).toBe('mine-1');
  expect(chat.status).toBe(403);
});

it('the gateway itself knows no API keys, and answers 405 through the edge as without it', async () => {
  expect((await ask(service.url, '/v1/models', { headers: { 'x-api-key': key } })).status).toBe(401);

  const { status, headers } = await ask(url, '/v1/models', { method: 'DELETE', headers: { 'x-api-key': key } });
  expect(status).toBe(405);
  expect(headers.allow).toContain('GET');
});
