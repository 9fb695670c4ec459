import { expect } from '@jest/globals';
import type { CreatedApiKey } from '@parley/contracts';
import { eventually, severable } from '@parley/testing';
import { exchange, login, newOwner, newServers, problem, startAuth, type RunningAuth } from '../auth-under-test.js';

/** Seconds, the shortest that there is. */
export const keyTokenS = 15;

/** Two instances of the service, which reach Redis and RabbitMQ by ways that can be cut. */
export async function twoInstances() {
  const owner = newOwner();
  const servers = await newServers();
  const [redis, amqp] = await Promise.all([severable(servers.redis.url), severable(servers.amqp.url)]);
  const ways = { REDIS_URL: redis.url, AMQP_URL: amqp.url, API_KEY_TOKEN_TTL_S: String(keyTokenS) };
  const env = { ...servers.env, ...owner.env, ...ways };
  const [one, two] = await Promise.all([startAuth(env), startAuth(env)]);
  const { access_token: token } = await login(one, owner);
  const me = (auth: RunningAuth, as: string) => auth.call('GET', '/v1/auth/me', { token: as });

  return {
    ...{ servers, redis, amqp, one, two, token, owner, me },
    tenantId: String((await me(one, token)).body['tenant_id']),
    /** A third, on the same database; without its ways it would share the outages. */
    start: (others: Readonly<Record<string, string>> = {}) => startAuth({ ...env, ...others }),
    /** A token of a key that both instances take. */
    async newKey(): Promise<{ id: string; token: string }> {
      const body = { name: 'leaked', permissions: ['usage:read'] };
      const { id, key } = (await one.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body })).body;
      const leaked = await exchange(two, key);
      for (const auth of [one, two]) expect((await me(auth, leaked)).status).toBe(200);
      return { id, token: leaked };
    },
    async revoke(id: string): Promise<void> {
      expect((await one.call('DELETE', `/v1/api-keys/${id}`, { token })).status).toBe(204);
    },
    /** Refused by this instance, at the latest so long after now. */
    refused: (auth: RunningAuth, as: string, timeoutMs: number) =>
      eventually(async () => expect(await me(auth, as)).toMatchObject(problem(401, 'credential.revoked')), {
        timeoutMs,
      }),
    async stop(): Promise<void> {
      await Promise.all([one.stop(), two.stop()]);
      await Promise.all([redis.close(), amqp.close()]);
      await servers.close();
    },
  };
}
export type TwoInstances = Awaited<ReturnType<typeof twoInstances>>;
