import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CircuitBreakerAnswer, CircuitBreakerList } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { startPlatform, type Platform } from '../../tools/stack/platform.ts';
import { databaseOf, query } from '../database.ts';
import { passing } from './passing.ts';
import { traffic, type Call, type Traffic } from './traffic.ts';

/** Real: a whole platform with two instances of what is killed. Fake: the model provider. */
let platform: Platform;
const leaseMs = 4_000;

jest.setTimeout(120_000);

beforeAll(async () => {
  const env = { PARLEY_DRAIN_TIMEOUT_MS: '1000', TURN_LEASE_MS: String(leaseMs), SWEEP_INTERVAL_MS: '500' };
  platform = await startPlatform({ env });
}, 240_000);

afterAll(() => platform.stop(), 60_000);

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Status 0 where there was no answer. */
async function ask(method: string, path: string, body?: object, session?: string): Promise<Answer> {
  try {
    const response = await fetch(platform.url + path, {
      method,
      headers: {
        authorization: `Bearer ${platform.apiKey}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(session !== undefined && { 'x-parley-session': session }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  } catch {
    return { status: 0, body: {} };
  }
}

const chat = (content: string, more: object = {}) => ({
  model: 'offline-small',
  messages: [{ role: 'user', content }],
  ...more,
});
const newSession = async () => String((await ask('POST', '/v1/sessions', {})).body['id']);

const rows = (service: string, text: string) => query<Record<string, unknown>>(databaseOf(platform.env, service), text);

const callers = 4;

/**
 * Kills the second of two instances under traffic, waits until Consul no longer has it and traffic has gone on, and
 * answers the calls that failed without having been in flight when it was killed.
 */
async function killOneOfTwo(service: string, load: Traffic): Promise<Call[]> {
  await load.untilMore(callers * 5);
  const killing = performance.now();
  await platform.service(service, 2).kill9();
  const killed = performance.now();
  await eventually(async () => expect(await passing(platform, service)).toBe(1), {
    timeoutMs: 10_000 - (killed - killing),
  });
  await load.untilMore(callers * 5);
  const calls = await load.stop();
  const inFlight = ({ startedAt, endedAt }: Call) => startedAt <= killed && endedAt >= killing;
  return calls.filter((call) => call.status !== 200 && !inFlight(call));
}

async function scaleToTwo(service: string): Promise<void> {
  await platform.scale(service, 2);
  await eventually(async () => expect(await passing(platform, service)).toBe(2), { timeoutMs: 20_000 });
}

describe('one of two sessions instances killed with kill -9', () => {
  it('fails no call but those in flight, leaves the passing set within 10 s and no turn open past its lease', async () => {
    await scaleToTwo('sessions');
    const sessions = await Promise.all(Array.from({ length: callers }, newSession));
    const load = traffic(callers, async (caller) => {
      const { status } = await ask('POST', '/v1/chat/completions', chat('And then?'), sessions[caller]);
      // A turn whose end was lost keeps its session busy until its lease is over.
      if (status !== 200) sessions[caller] = await newSession();
      return status;
    });

    expect(await killOneOfTwo('sessions', load)).toEqual([]);

    await eventually(
      async () => expect(await rows('sessions', `select id from turns where status = 'open'`)).toEqual([]),
      { timeoutMs: leaseMs + 5_000 },
    );
    await platform.scale('sessions', 1);
  });
});

describe('one of two experts instances killed with kill -9', () => {
  it('fails no query but those in flight, leaves the passing set within 10 s and pays no expert twice', async () => {
    await scaleToTwo('experts');
    const question = { question: 'What next?' };
    const load = traffic(callers, async () => (await ask('POST', '/v1/experts/queries', question)).status);

    expect(await killOneOfTwo('experts', load)).toEqual([]);

    // A question that the edge had passed on twice would be two queries.
    const [asked] = await rows('experts', 'select count(*)::int as queries from expert_queries');
    expect(asked?.['queries']).toBeLessThanOrEqual(load.calls.length);
    const experts = ((await ask('GET', '/v1/experts')).body['data'] as unknown[]).length;
    await eventually(
      async () => expect(await rows('experts', `select id from expert_queries where status = 'running'`)).toEqual([]),
      { timeoutMs: 60_000 },
    );
    const overpaid = await rows(
      'gateway',
      `select record->>'expert_query_id' as query from usage_records where record->>'expert_query_id' is not null
       group by 1 having count(*) > ${experts}`,
    );
    expect(overpaid).toEqual([]);
    await platform.scale('experts', 1);
  });
});

describe('one of two analytics instances that hangs', () => {
  it('is named as not answering where circuit breakers are listed, and tells of its own again when it goes on', async () => {
    await scaleToTwo('analytics');
    const hanging = platform.service('analytics', 2).pid ?? 0;
    const list = async () => (await ask('GET', '/v1/circuit-breakers')).body as unknown as CircuitBreakerList;
    // Those that were killed before stay registered for a minute.
    const notAnswering = async () => (await list()).not_answering.filter(({ service }) => service === 'analytics');
    const ofAnalytics = (held: CircuitBreakerList['data'][number]['held_by']) =>
      held.filter(({ service }) => service === 'analytics').map(({ instance }) => instance);
    // Each asks auth for its keys when it is shown its first token.
    const towardsAuth = await eventually(async () => {
      const { data } = await list();
      const breaker = data.find(
        ({ name, held_by: held }) => name.startsWith('auth/') && ofAnalytics(held).length === 2,
      );
      if (!breaker) throw new Error('The two instances hold no breaker towards auth yet');
      return breaker;
    });

    process.kill(hanging, 'SIGSTOP');
    try {
      // Consul stops sending callers there after a while; that it should be there is known all the same.
      await eventually(async () => expect(await passing(platform, 'analytics')).toBe(1), { timeoutMs: 20_000 });
      const silent = await notAnswering();
      expect(silent).toMatchObject([{ code: 'service.timeout' }]);
      expect(ofAnalytics(towardsAuth.held_by)).toContain(silent[0]?.instance);
    } finally {
      process.kill(hanging, 'SIGCONT');
    }

    await eventually(async () => expect(await notAnswering()).toEqual([]), { timeoutMs: 20_000 });
    const reset = await ask('POST', `/v1/circuit-breakers/${encodeURIComponent(towardsAuth.name)}/reset`);
    const { held_by } = reset.body as unknown as CircuitBreakerAnswer;
    expect(ofAnalytics(held_by).sort()).toEqual(ofAnalytics(towardsAuth.held_by).sort());
    await platform.scale('analytics', 1);
  });
});
