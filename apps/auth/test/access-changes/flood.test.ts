/** Real: Redis. There is no broker: a process that starts hears of what was before from Redis alone. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RedisConnection, RedisModule } from '@parley/cache';
import { accessChangesKey, type AccessChange } from '@parley/contracts';
import { AccessChangeLog, IdentityModule, JwksSource } from '@parley/identity';
import { KitModule, Shutdown, silentLog, systemClock } from '@parley/service-kit';
import { eventually, testRedis, type TestRedis } from '@parley/testing';
import { AccessChangeStore } from '../../src/access-changes/access-change-store.js';
import { TokenLifetimes } from '../../src/tokens/token-lifetimes.js';

class NoKeys extends JwksSource {
  override fetch = () => Promise.resolve({ keys: [] });
}
@Global()
@Module({ providers: [NoKeys], exports: [NoKeys] })
class KeysModule {}

const lifetimes = new TokenLifetimes({ ACCESS_TOKEN_TTL_S: 300, REFRESH_TOKEN_TTL_S: 600, API_KEY_TOKEN_TTL_S: 60 });
const shutdown = new Shutdown(systemClock, silentLog);
const [flooder, bystander] = [randomUUID(), randomUUID()];

let server: TestRedis;
let redis: RedisConnection;
let store: AccessChangeStore;
let stop: (() => Promise<unknown>) | undefined;
beforeEach(async () => {
  server = await testRedis();
  redis = new RedisConnection({ REDIS_URL: server.url, REDIS_COMMAND_TIMEOUT_MS: 5_000 }, systemClock, silentLog);
  await redis.connect();
  store = new AccessChangeStore(lifetimes, redis, systemClock, silentLog, shutdown);
});
afterEach(async () => {
  await stop?.();
  redis.close();
  await server.close();
});

/** What it knows before it takes its first request. */
async function startProcess(): Promise<AccessChangeLog> {
  const module = await Test.createTestingModule({
    imports: [
      KitModule.forRoot({ clock: systemClock }),
      RedisModule.forRoot({ REDIS_URL: server.url, REDIS_COMMAND_TIMEOUT_MS: 5_000 }),
      KeysModule,
      IdentityModule.forRoot({ jwksSource: NoKeys }),
    ],
  }).compile();
  await module.init();
  stop = () => module.get(Shutdown).run({ announceMs: 0, intakeMs: 0 });
  return module.get(AccessChangeLog);
}

const until = new Date(Date.now() + 300_000).toISOString();
const ended = (id: string): AccessChange => ({ kind: 'login_ended', id, until });
/** A role of 5,000 holders changes, so many times. */
async function flood(times: number): Promise<void> {
  const holders = Array.from({ length: 5_000 }, () => randomUUID());
  for (let time = 0; time < times; time += 1) {
    const at = new Date(Date.now() + time).toISOString();
    const changes = holders.map((id) => ({ kind: 'permissions_changed' as const, id, at, until, permissions: [] }));
    store.add(flooder, changes);
    await written(flooder, changes.at(-1)?.id ?? '', at);
  }
}
const written = (tenantId: string, ...texts: string[]) =>
  eventually(async () => {
    const last = await server.client.zrange(accessChangesKey(tenantId), -1, -1);
    for (const text of texts) expect(last[0]).toContain(text);
  });

const judge = (log: AccessChangeLog, tenantId: string, login: string) =>
  log.judge({
    ...{ tenantId, issuedAt: Date.now() - 1_000, subject: randomUUID(), actors: [], revocable: [login] },
    ...{ permissions: new Set(), inherits: false },
  });

it('what one tenant revoked is known to a process that starts after another has changed a role 105,000 times', async () => {
  const login = randomUUID();
  store.add(bystander, [ended(login)]);
  await written(bystander, login);

  await flood(21);
  const log = await startProcess();

  expect(judge(log, bystander, login)).toBeUndefined();
  expect(judge(log, bystander, randomUUID())).toBeDefined();
}, 60_000);

it('of the tenant with so many changes all older tokens are refused, since some of its revocations are lost', async () => {
  store.add(flooder, [ended(randomUUID())]);

  await flood(3);
  const log = await startProcess();

  expect(judge(log, flooder, randomUUID())).toBeUndefined();
}, 60_000);
