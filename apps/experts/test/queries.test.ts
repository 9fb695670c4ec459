/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Played at the level of the wire: auth and the gateway. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Expert, ExpertQuery, ExpertQueryPage } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { experts as configured, startExperts, type Problem } from './experts-under-test.js';
import { around, experts, vote } from './one-instance.js';
import { fails, hangs, says } from './played-gateway.js';

const statuses = ({ answers }: ExpertQuery) => answers.map(({ expert, status }) => `${expert} ${status}`);

describe('a vote', () => {
  it('is for the majority, whoever answered first, with its share as agreement', async () => {
    around.gateway.behave({
      alpha: says('ANSWER: Paris'),
      beta: says('ANSWER: Rome'),
      gamma: says('Hm.\nANSWER: rome.'),
    });

    const { status, body } = await experts.ask(vote);

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'answered', ...vote, consensus: 'Rome', agreement: 2 / 3 });
    expect(body.answers.map(({ expert, answer, reasoning }) => [expert, answer, reasoning])).toEqual([
      ['alpha', 'Paris', 'ANSWER: Paris'],
      ['beta', 'Rome', 'ANSWER: Rome'],
      ['gamma', 'Rome', 'Hm.\nANSWER: rome.'],
    ]);
    expect(await experts.read(body.id)).toEqual(body);
  });

  it('has no consensus on a tie', async () => {
    around.gateway.behave({ alpha: says('Paris'), beta: says('London'), gamma: says('Berlin') });
    const { body } = await experts.ask(vote);
    expect(body).toMatchObject({ status: 'answered', consensus: null, agreement: 1 / 2 });
    expect(statuses(body)).toEqual(['alpha answered', 'beta answered', 'gamma unclear']);
  });
});

describe('a question', () => {
  it('is answered by the most central answer where there are no options', async () => {
    around.gateway.behave({
      alpha: says('Bananas!'),
      beta: says('The moon is far.'),
      gamma: says('The moon is very far.'),
    });
    const { body } = await experts.ask({ question: 'How far is the moon?' });
    expect(body.consensus).toMatch(/^The moon is/);
    expect(body.options).toBeNull();
    expect(body.agreement).toBeGreaterThan(0);
    expect(body.answers[1]).toMatchObject({ answer: 'The moon is far.', reasoning: null });
  });

  it('goes to every expert in the caller’s name, with the query’s id and its options', async () => {
    const { body } = await experts.ask(vote);
    expect(around.gateway.asked.map(({ expert }) => expert).toSorted()).toEqual(['alpha', 'beta', 'gamma']);
    for (const { headers, user } of around.gateway.asked) {
      expect(headers['x-parley-expert-query']).toBe(body.id);
      expect(headers.authorization).toMatch(/^Bearer /);
      expect(Number(headers['x-parley-deadline-ms'])).toBeGreaterThan(0);
      expect(user).toBe('Which city?\n\nThe options:\n- Paris\n- London\n- Rome');
    }
    expect(new Set(around.gateway.asked.map(({ headers }) => headers.authorization)).size).toBe(1);
  });

  it('is answered with what each expert used, cost and took', async () => {
    around.gateway.behave({ alpha: says('yes', { 'x-parley-cost': '0.00042' }) });
    const { body } = await experts.ask({ question: 'Is it?' });
    expect(body.answers[0]).toEqual({
      expert: 'alpha',
      status: 'answered',
      answer: 'yes',
      reasoning: null,
      error_code: null,
      model: 'first-served',
      tokens: { input: 50, output: 10, cache_read: 30, cache_write: 20, reasoning: 40 },
      cost: '0.00042',
      latency_ms: expect.any(Number),
    });
    expect(body.answers[1]?.cost).toBeNull();
  });

  it('is stored as running before anybody is asked, and each answer as it comes', async () => {
    around.gateway.behave({ alpha: hangs });
    const gone = new AbortController();
    const pending = experts.ask(vote, { signal: gone.signal });
    const { body } = await eventually(async () => {
      const list = await experts.call<ExpertQueryPage>('GET', '/v1/experts/queries?limit=1');
      expect(list.body.data[0]?.answers).toHaveLength(2);
      return { body: list.body.data[0] as ExpertQuery };
    });
    expect(body).toMatchObject({ status: 'running', consensus: null, agreement: null, finished_at: null });
    expect(around.gateway.asked[0]?.headers['x-parley-expert-query']).toBe(body.id);
    gone.abort();
    await expect(pending).rejects.toThrow();
  });
});

describe('an expert', () => {
  it('that fails or is late is named, and the others answer', async () => {
    around.gateway.behave({ alpha: fails(502, 'provider.failed'), beta: hangs, gamma: says('Rome') });
    const headers = { 'x-parley-deadline-ms': '1500' };
    const { status, body } = await experts.ask(vote, { headers });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'answered', consensus: 'Rome', agreement: 1 });
    expect(body.answers.map(({ expert, status: how, error_code }) => [expert, how, error_code])).toEqual([
      ['alpha', 'failed', 'provider.failed'],
      ['beta', 'timed_out', 'provider.timeout'],
      ['gamma', 'answered', null],
    ]);
    expect(around.gateway.asked).toHaveLength(3);
    await eventually(() => expect(around.gateway.givenUp).toContain('beta'));
  });

  it('that the gateway gives up on is late too, and one whose connection breaks is not asked again', async () => {
    around.gateway.behave({
      alpha: fails(504, 'provider.timeout'),
      beta: (response) => response.destroy(),
      gamma: (response) => response.end('<html>'),
    });
    const { status, body } = await experts.ask<Problem>(vote);
    expect([status, body.code]).toEqual([502, 'circle.failed']);
    expect(around.gateway.asked).toHaveLength(3);
    const id = /query (\S+) tells/.exec(body.detail ?? '')?.[1] ?? '';
    const stored = await experts.read(id);
    expect(stored).toMatchObject({ status: 'failed', consensus: null, agreement: null });
    expect(statuses(stored)).toEqual(['alpha timed_out', 'beta failed', 'gamma failed']);
  });

  it('has its own model before the question’s, and that before the configured one and the list', async () => {
    const [alpha, beta, gamma] = configured;
    const EXPERTS = JSON.stringify([{ ...alpha, model: 'own' }, beta, gamma]);
    const modelsOf = () => around.gateway.asked.map(({ model }) => model).toSorted();
    const withDefault = await startExperts(around, { EXPERTS, EXPERTS_MODEL: 'configured' });
    try {
      await withDefault.ask(vote);
      expect(modelsOf()).toEqual(['configured', 'configured', 'own']);
      around.gateway.asked.length = 0;
      await withDefault.ask({ ...vote, model: 'wanted' });
      expect(modelsOf()).toEqual(['own', 'wanted', 'wanted']);
    } finally {
      await withDefault.stop();
    }
    around.gateway.asked.length = 0;
    await experts.ask(vote);
    expect(modelsOf()).toEqual(['first', 'first', 'first']);
  });

  it('is listed without its instructions', async () => {
    const { body } = await experts.call<{ data: Expert[] }>('GET', '/v1/experts');
    expect(body.data).toEqual(configured.map(({ id, name, description }) => ({ id, name, description, model: null })));
  });
});

describe('a caller', () => {
  it.each([[['experts:query']], [['completions:create']], [['experts:read', 'models:read']]])(
    'with %j alone is refused, and nobody is asked',
    async (permissions) => {
      const { status, body } = await experts.ask<Problem>(vote, { permissions });
      expect([status, body.code]).toEqual([403, 'request.forbidden']);
      expect(around.gateway.asked).toEqual([]);
    },
  );

  it('whom the gateway refuses is told so', async () => {
    const refuses = fails(403, 'request.forbidden');
    around.gateway.behave({ alpha: refuses, beta: refuses, gamma: refuses });
    const { status, body } = await experts.ask<Problem>(vote);
    expect([status, body.code]).toEqual([403, 'request.forbidden']);
  });

  it.each([
    [{}],
    [{ question: '' }],
    [{ question: 'a\u0000b' }],
    [{ question: 'half \ud83e' }],
    [{ question: 'q', options: ['one', 'half \ud83e'] }],
    [{ question: 'q', options: ['one'] }],
    [{ question: 'q', options: ['one', 'ONE'] }],
    [{ question: 'q', options: Array.from({ length: 21 }, (_, i) => `o${i}`) }],
    [{ question: 'q', model: 'circle' }],
    [{ question: 'q', temperature: 1 }],
  ])('is told what does not fit: %j', async (body) => {
    const answer = await experts.ask<Problem>(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  });

  it('pages through the queries, newest first, without losing or repeating one', async () => {
    const tenant = randomUUID();
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift((await experts.ask({ question: `q${i}` }, { tenant })).body.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await experts.call<ExpertQueryPage>('GET', `/v1/experts/queries?limit=2${query}`, { tenant });
      seen.push(...page.body.data.map(({ id }) => id));
      cursor = page.body.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
  });

  it('gets 404 for another tenant’s query, and does not see it in the list', async () => {
    const { body } = await experts.ask(vote);
    const tenant = randomUUID();
    const answer = await experts.call<Problem>('GET', `/v1/experts/queries/${body.id}`, { tenant });
    expect([answer.status, answer.body.code]).toEqual([404, 'expert_query.not_found']);
    const list = await experts.call<ExpertQueryPage>('GET', '/v1/experts/queries', { tenant });
    expect(list.body.data).toEqual([]);
  });
});

it('the bulkhead refuses a query for which there is no room, with Retry-After, and takes the next when there is', async () => {
  const small = await startExperts(around, { EXPERTS_MAX_CONCURRENT: '5' });
  try {
    around.gateway.behave({ alpha: hangs });
    const gone = new AbortController();
    const first = small.ask(vote, { signal: gone.signal });
    await eventually(() => expect(around.gateway.asked).toHaveLength(3));
    const second = await small.ask<Problem>(vote);
    expect([second.status, second.body.code]).toEqual([503, 'service.overloaded']);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(around.gateway.asked).toHaveLength(3);
    gone.abort();
    await expect(first).rejects.toThrow();
    around.gateway.behave({});
    await eventually(async () => expect((await small.ask(vote)).status).toBe(200));
  } finally {
    await small.stop();
  }
});
