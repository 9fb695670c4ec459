import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { call, newKey, openai } from './platform.js';

interface Query {
  readonly id: string;
  readonly status: string;
  readonly consensus: string | null;
  readonly agreement: number | null;
  readonly answers: {
    expert: string;
    status: string;
    answer: string | null;
    error_code: string | null;
    tokens: Record<string, number> | null;
  }[];
}

interface Asking {
  readonly key: string;
  readonly headers?: Record<string, string>;
}

const ask = (body: object, { key, headers }: Asking) =>
  call('POST', '/v1/experts/queries', { key, body: { model: 'offline-small', ...body }, headers: headers ?? {} });
const queryOf = async (body: object, asking: Asking): Promise<Query> => {
  const answer = await ask(body, asking);
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.json() as unknown as Query;
};

const consulUrl = process.env['PARLEY_CONSUL_URL'] ?? '';

/** A service is found by others once Consul has checked it, up to 2 s after it said that it is ready. */
beforeAll(() =>
  eventually(async () => {
    const answer = await fetch(`${consulUrl}/v1/health/service/gateway?passing=1`);
    expect(await answer.json()).toHaveLength(1);
  }),
);

const cities = { options: ['Paris', 'London', 'Rome'] };
const script = (...marks: string[]) => `Which city? ${marks.map((mark) => `[offline ${mark}]`).join(' ')}`;

describe('the circle of experts', () => {
  it('votes for the majority’s option, whoever comes first, and its calls are in the usage of the key', async () => {
    const { id: keyId, key } = await newKey();
    const question = script('analyst: say="ANSWER: Paris"', 'skeptic: say="Hm. ANSWER: Rome"', 'pragmatist: say=Rome');

    const query = await queryOf({ question, ...cities }, { key });

    expect(query).toMatchObject({ status: 'answered', consensus: 'Rome', agreement: 2 / 3 });
    expect(query.answers.map(({ expert, answer }) => [expert, answer])).toEqual([
      ['analyst', 'Paris'],
      ['skeptic', 'Rome'],
      ['pragmatist', 'Rome'],
    ]);
    const read = await call('GET', `/v1/experts/queries/${query.id}`, { key });
    expect(read.json()).toEqual(query);
    await expect(usageOf(keyId, 3)).resolves.toMatchObject({
      requests: 3,
      tokens: { input: sum(query, 'input'), output: sum(query, 'output') },
    });
  });

  it('gives the most central answer to an open question', async () => {
    const { key } = await newKey();
    const moon = 'The moon is 384,400 km away';
    const question = script(`analyst: say="${moon}"`, `skeptic: say="${moon}, on average"`, 'pragmatist: say=Bananas');
    const query = await queryOf({ question }, { key });
    expect(query.consensus).toContain(moon);
    expect(query.agreement).toBeGreaterThan(0);
    expect(query.agreement).toBeLessThan(1);
  });

  it('names the expert that fails and the one that is late, and answers with the third', async () => {
    const { key } = await newKey();
    const question = script('analyst: fault=400', 'skeptic: delay=60000', 'pragmatist: say=Rome');
    const headers = { 'x-parley-deadline-ms': '4000' };
    const query = await queryOf({ question, ...cities }, { key, headers });
    expect(query).toMatchObject({ status: 'answered', consensus: 'Rome', agreement: 1 });
    expect(query.answers.map(({ expert, status, error_code }) => [expert, status, error_code])).toEqual([
      ['analyst', 'failed', 'provider.rejected'],
      ['skeptic', 'timed_out', 'provider.timeout'],
      ['pragmatist', 'answered', null],
    ]);
  });

  it('says that it failed when nobody answers', async () => {
    const { key } = await newKey();
    const answer = await ask({ question: 'Which city? [offline: fault=400]', ...cities }, { key });
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({ code: 'circle.failed' });
  });

  it('asks once for an idempotency key', async () => {
    const { id: keyId, key } = await newKey();
    const asking = { key, headers: { 'idempotency-key': crypto.randomUUID() } };
    const first = await queryOf({ question: 'Which city?' }, asking);
    expect(await queryOf({ question: 'Which city?' }, asking)).toEqual(first);
    expect((await ask({ question: 'Which country?' }, asking)).status).toBe(409);
    expect((await usageOf(keyId, 3)).requests).toBe(3);
  });

  it('lists its experts and its queries', async () => {
    const { key } = await newKey();
    const { id } = await queryOf({ question: 'Which city?' }, { key });
    const experts = (await call('GET', '/v1/experts', { key })).json()['data'] as { id: string }[];
    expect(experts.map((expert) => expert.id)).toEqual(['analyst', 'skeptic', 'pragmatist']);
    const queries = (await call('GET', '/v1/experts/queries?limit=200', { key })).json()['data'] as Query[];
    expect(queries.map((query) => query.id)).toContain(id);
  });

  it('is closed to a key that may not ask models, and its queries to ids that are nobody’s', async () => {
    const { key } = await newKey({ permissions: ['experts:query', 'experts:read'] });
    expect((await ask({ question: 'Which city?' }, { key })).status).toBe(403);
    const unknown = await call('GET', `/v1/experts/queries/${crypto.randomUUID()}`, { key });
    expect([unknown.status, unknown.json()['code']]).toEqual([404, 'expert_query.not_found']);
  });

  it('answers as the model `circle`, and not within itself', async () => {
    const { key } = await newKey();
    const messages = [{ role: 'user' as const, content: 'Where? [offline: say="In Rome."]' }];
    const completion = await openai(key).chat.completions.create({ model: 'circle', messages });
    expect(completion.choices[0]?.message.content).toBe('In Rome.');
    expect((await ask({ question: 'Where?', model: 'circle' }, { key })).status).toBe(400);
  });
});

const sum = ({ answers }: Query, kind: string) =>
  answers.reduce((total, { tokens }) => total + (tokens?.[kind] ?? 0), 0);

interface Report {
  readonly requests: number;
  readonly tokens: Record<string, number>;
}

/** The promise of the platform: a call is in the report within 5 s of its answer. */
async function usageOf(keyId: string, requests: number): Promise<Report> {
  const { key } = await newKey({ permissions: ['usage:read'] });
  return eventually(
    async () => {
      const report = await call('GET', `/v1/analytics/usage?api_key_id=${keyId}`, { key });
      expect(report.json()).toMatchObject({ requests });
      return report.json() as unknown as Report;
    },
    { timeoutMs: 5_000 },
  );
}
