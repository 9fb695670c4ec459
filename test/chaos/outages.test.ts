import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@parley/testing';
import { readFileSync } from 'node:fs';
import { logFile } from '../../tools/stack/home.ts';
import { startPlatform, type Platform } from '../../tools/stack/platform.ts';
import { removeTemporaryHome, temporaryHome } from '../../tools/stack/servers/temporary-home.ts';
import { passing } from './passing.ts';
import { statusesOf, traffic } from './traffic.ts';

/** A platform of its own, since its servers are stopped. */
let platform: Platform;
let home: string;
/** Of a login at the start; it lives for 30 s. */
let accessToken: string;

jest.setTimeout(120_000);

beforeAll(async () => {
  home = await temporaryHome();
  platform = await startPlatform({ home, env: { PARLEY_DRAIN_TIMEOUT_MS: '1000', ACCESS_TOKEN_TTL_S: '30' } });
  const { adminEmail: email, adminPassword: password } = platform;
  const answer = await fetch(`${platform.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  accessToken = ((await answer.json()) as { access_token: string }).access_token;
}, 240_000);

afterAll(async () => {
  await platform.stop();
  removeTemporaryHome(home);
}, 60_000);

/** How often a service's log says this. */
const said = (service: string, message: string): number =>
  readFileSync(logFile(home, platform.service(service).name), 'utf8').split(message).length - 1;

const headers = () => ({ authorization: `Bearer ${platform.apiKey}`, 'content-type': 'application/json' });
const body = JSON.stringify({ model: 'offline-small', messages: [{ role: 'user', content: 'still there?' }] });

async function chat(url = platform.url): Promise<Response> {
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: headers(), body });
  await response.clone().arrayBuffer();
  return response;
}

async function requests(): Promise<number> {
  const response = await fetch(`${platform.url}/v1/analytics/usage`, { headers: headers() });
  return ((await response.json()) as { requests: number }).requests;
}

/** Waits for the thing itself, whose name is in the failure. */
const until = (what: string, holds: () => Promise<boolean>, timeoutMs: number): Promise<void> =>
  eventually(
    async () => {
      if (!(await holds())) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    },
    { timeoutMs, intervalMs: 50 },
  );

function server(name: 'postgres' | 'redis' | 'rabbitmq' | 'consul') {
  const found = platform.servers[name];
  if (!found) throw new Error(`${name} is not running`);
  return found;
}

const callers = 4;
const chatting = (url?: string) => traffic(callers, async () => (await chat(url)).status);

describe('RabbitMQ', () => {
  it('stopped under traffic and started again: no call fails, and every one is counted exactly once', async () => {
    const before = await requests();
    const load = chatting();
    await load.untilMore(20);
    await server('rabbitmq').stop();
    await load.untilMore(50);
    await server('rabbitmq').start();
    const calls = await load.stop();

    expect(statusesOf(calls)).toEqual([200]);
    await until('every call is counted', async () => (await requests()) >= before + calls.length, 60_000);
    expect(await requests()).toBe(before + calls.length);
  });
});

describe('Redis', () => {
  it('stopped: calls go on and the limit is still kept, which the log says', async () => {
    await server('redis').stop();
    try {
      const load = chatting();
      await load.untilMore(100);
      expect(statusesOf(await load.stop())).toEqual([200]);
      const answer = await chat();
      expect(Number(answer.headers.get('x-ratelimit-remaining-requests'))).toBeLessThan(1_000_000);
      const health = (await (await fetch(`${platform.url}/health`)).json()) as {
        status: string;
        servers: Record<string, unknown>;
      };
      expect(health).toMatchObject({ status: 'degraded', servers: { redis: { status: 'down' } } });
      expect(said('gateway', 'each instance keeps rate limits for itself')).toBe(1);
    } finally {
      await server('redis').start();
    }
    await until('redis is back in the health summary', async () => (await healthOf()).status === 'ok', 20_000);
  });
});

interface Health {
  readonly status: string;
  readonly servers: { readonly database?: { readonly status: string } };
}
const healthOf = async () => (await (await fetch(`${platform.url}/health`)).json()) as Health;

describe('Consul', () => {
  it('stopped: calls go on, to the addresses that are known', async () => {
    await server('consul').stop();
    try {
      const load = chatting();
      await load.untilMore(100);
      expect(statusesOf(await load.stop())).toEqual([200]);
      expect((await fetch(`${platform.url}/v1/analytics/usage`, { headers: headers() })).status).toBe(200);
    } finally {
      await server('consul').start();
    }
    await until('all services are registered again', async () => (await passing(platform, 'gateway')) === 1, 30_000);
  });
});

describe('PostgreSQL', () => {
  it('stopped under traffic: 503 with Retry-After and no answer without a record; in full service within 10 s of its return', async () => {
    const before = await requests();
    const load = chatting();
    await load.untilMore(50);
    await server('postgres').stop();
    try {
      await until('calls are refused', async () => (await chat()).status === 503, 15_000);
      const refused = await chat();
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const report = await fetch(`${platform.url}/v1/analytics/usage`, { headers: headers() });
      expect(report.status).toBe(503);
      expect(report.headers.get('retry-after')).not.toBeNull();
      await until(
        'the health names the database',
        async () => (await healthOf()).servers.database?.status === 'down',
        20_000,
      );
      expect((await fetch(`${platform.url}/health`)).status).toBe(503);
      await load.stop();
    } finally {
      await server('postgres').start();
    }
    await until(
      'completions and reports work',
      async () => (await chat()).status === 200 && (await requests()) > 0,
      10_000,
    );
    const answered = load.calls.filter(({ status }) => status === 200).length;
    // The one above, or more of them, besides those of the load. An event that analytics tried three times while the database
    // was away comes again after 30 s.
    await until('every answer is counted', async () => (await requests()) > before + answered, 60_000);
  });
});

describe('two gateways', () => {
  it('one killed with kill -9: only calls in flight are lost, it leaves the passing set within 10 s, and every answer has its record', async () => {
    await platform.scale('gateway', 2);
    const second = platform.service('gateway', 2);
    await until('Consul lists both', async () => (await passing(platform, 'gateway')) === 2, 20_000);
    const before = await requests();
    const onFirst = chatting();
    const onSecond = chatting(second.edgeUrl);
    await Promise.all([onFirst.untilMore(30), onSecond.untilMore(30)]);

    const killedAt = Date.now();
    await second.kill9();
    await until(
      'Consul lists one',
      async () => (await passing(platform, 'gateway')) === 1,
      10_000 - (Date.now() - killedAt),
    );

    const first = await onFirst.stop();
    const answered = (await onSecond.stop()).filter(({ status }) => status === 200).length;
    expect(statusesOf(first)).toEqual([200]);
    const atLeast = before + first.length + answered;
    await until('every answer is counted', async () => (await requests()) >= atLeast, 30_000);
    // At most one call of each caller was under way, on record and not yet answered.
    expect(await requests()).toBeLessThanOrEqual(atLeast + callers);
    await platform.scale('gateway', 1);
  });
});

describe('a gateway that is stopped', () => {
  it('puts the stream that its drain cuts off on record, with what was received', async () => {
    await platform.scale('gateway', 2);
    const second = platform.service('gateway', 2);
    const before = await requests();
    const answer = await fetch(`${second.edgeUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({
        model: 'offline-small',
        stream: true,
        messages: [{ role: 'user', content: '[offline: deltas=2000 delay=20] and so on' }],
      }),
    });
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);

    await platform.scale('gateway', 1);

    await until('the broken answer is counted', async () => (await requests()) === before + 1, 15_000);
  });
});

describe('an access token', () => {
  it('that has expired is refused, and says so', async () => {
    const me = () => fetch(`${platform.url}/v1/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    await until('its time is up', async () => (await me()).status === 401, 45_000);
    expect(await (await me()).json()).toMatchObject({ code: 'credential.expired' });
  });
});
