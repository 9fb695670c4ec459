import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { RedisModule } from '@parley/cache';
import { DiscoveryModule } from '@parley/discovery';
import { AccessChangeLog, IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { HttpJwksSource, ServiceClientModule } from '@parley/service-client';
import { KitModule, Shutdown, systemClock } from '@parley/service-kit';
import { testRedis } from '@parley/testing';
import { edgeDialects } from '../../src/dialects/error-dialects.js';
import { EdgeModule } from '../../src/edge/edge.module.js';
import { EdgeServer } from '../../src/edge/edge.server.js';
import { decisions } from './decisions.js';
import { json, startStub, type Seen, type StubService } from './stub-service.js';
import { jwks } from './tokens.js';

const publicSurface = join(import.meta.dirname, '../../../../kong/kong.yml');

interface Answer {
  readonly status: number;
  readonly body: object;
}
type Question = Readonly<Record<string, unknown>>;

export interface TestEdge {
  readonly url: string;
  readonly auth: StubService;
  readonly analytics: StubService;
  /** What reached the gateway, in this process. */
  readonly local: Seen[];
  /** How the auth service answers an exchange. */
  exchange: Answer | ((asked: Question) => Answer);
  /** What it was asked to exchange. */
  readonly exchanged: Question[];
  /** Where news of changes arrive. */
  readonly changes: AccessChangeLog;
  readonly shutdown: Shutdown;
  /** Seconds by which the clock of the edge is ahead of that of the cases. */
  ahead: number;
  stop(): Promise<void>;
}

/**
 * The embedded edge over the real kong.yml, with the real token verifier, service client and proxy. Stubs over real HTTP:
 * the auth and analytics services. A function: the gateway itself. Real: Redis. The clock stands where the cases of decisions.json are.
 */
export async function startEdge(
  routesFile = publicSurface,
  trusted: { readonly PARLEY_TRUSTED_PROXIES?: string[] } = {},
): Promise<TestEdge> {
  const analytics = await startStub(json(200, { served_by: 'analytics' }));
  const redis = await testRedis();
  const auth = await startStub((req, res) => {
    if (req.url === '/.well-known/jwks.json') json(200, jwks)(req, res);
    else void text(req).then((body) => answerExchange(edge, body)(req, res));
  });
  const clock = { ...systemClock, now: () => (decisions.now + edge.ahead) * 1_000 };
  const module = await Test.createTestingModule({
    imports: [
      KitModule.forRoot({ clock }),
      DiscoveryModule.forRoot({
        service: 'gateway',
        config: {
          PARLEY_ADDRESSES: [
            { service: 'auth', url: auth.url },
            { service: 'analytics', url: analytics.url },
          ],
          PARLEY_ADVERTISE_HOST: '127.0.0.1',
        },
      }),
      RedisModule.forRoot({ REDIS_URL: redis.url, REDIS_COMMAND_TIMEOUT_MS: 250 }),
      ServiceClientModule.forRoot({ config: { SERVICE_TIMEOUT_MS: 5_000, SERVICE_CONNECTIONS: 16, ...trusted } }),
      IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
      LimitsModule.forRoot({}),
      EdgeModule.forRoot({
        port: 0,
        host: '127.0.0.1',
        routesFile,
        dialects: edgeDialects,
      }),
    ],
  }).compile();
  const local: Seen[] = [];
  const shutdown = module.get(Shutdown);
  const edge: Omit<TestEdge, 'url' | 'stop'> = {
    ...{ auth, analytics, local, shutdown, ahead: 0 },
    changes: module.get(AccessChangeLog),
    exchange: { status: 500, body: {} },
    exchanged: [],
  };
  await module.init();
  const end = async (): Promise<void> => {
    await shutdown.run({ announceMs: 0, intakeMs: 1_000 });
    await Promise.all([module.close(), auth.stop(), analytics.stop(), redis.close()]);
  };
  let ended: Promise<void> | undefined;
  const stop = (): Promise<void> => (ended ??= end());
  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    local.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers });
    json(200, { served_by: 'gateway' })(req, res);
  };
  try {
    const url = await module.get(EdgeServer).listen(handle);
    return Object.assign(edge, { url: url ?? '', stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

function answerExchange(edge: Pick<TestEdge, 'exchange' | 'exchanged'>, body: string): RequestListener {
  const asked = (body === '' ? {} : JSON.parse(body)) as Question;
  edge.exchanged.push(asked);
  const answer = typeof edge.exchange === 'function' ? edge.exchange(asked) : edge.exchange;
  return json(answer.status, answer.body);
}
