import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor, type UsageReport } from '@parley/contracts';
import { migrate, revertMigrations, unprotectedTables } from '@parley/persistence';
import { eventually, expectReversible } from '@parley/testing';
import { migrations } from '../src/migrations/index.js';
import { goldenMessage, newRecord, startAnalytics, tokens, type RunningAnalytics } from './analytics-under-test.js';

let analytics: RunningAnalytics;

beforeAll(async () => {
  analytics = await startAnalytics();
}, 60_000);
afterAll(() => analytics.stop(), 30_000);

const unpriced = { cost_usd: '0', unpriced_requests: 1 };

const march = '?from=2026-03-01&to=2026-03-31';

/** The report once it has so many requests; what comes too often shows as more. */
const reportOf = (tenantId: string, requests: number, query = march) =>
  eventually(
    async () => {
      const report = await analytics.report(tenantId, query);
      expect(report.requests).toBe(requests);
      return report;
    },
    { timeoutMs: 10_000 },
  );

describe('usage', () => {
  it('is summed in five classes, and broken down by day, model and key, newest day first', async () => {
    const tenant = randomUUID();
    const key = randomUUID();
    await analytics.publish(tenant, [
      newRecord(),
      newRecord(),
      newRecord({ model: 'b-model' }),
      newRecord({ api_key_id: key }),
      newRecord({ occurred_at: '2026-03-02T00:00:00.000Z' }),
    ]);

    const report = await reportOf(tenant, 5);

    expect(report.tokens).toEqual({ input: 5, output: 10, cache_read: 15, cache_write: 20, reasoning: 25 });
    expect(report.data).toEqual([
      { day: '2026-03-02', model: 'a-model', api_key_id: null, requests: 1, tokens, ...unpriced },
      expect.objectContaining({ day: '2026-03-01', model: 'a-model', api_key_id: null, requests: 2 }),
      { day: '2026-03-01', model: 'a-model', api_key_id: key, requests: 1, tokens, ...unpriced },
      { day: '2026-03-01', model: 'b-model', api_key_id: null, requests: 1, tokens, ...unpriced },
    ]);
  });

  it('belongs to the UTC day on which it ended, to the millisecond', async () => {
    const tenant = randomUUID();
    await analytics.publish(tenant, [
      newRecord({ occurred_at: '2026-03-04T23:59:59.999Z' }),
      newRecord({ occurred_at: '2026-03-05T00:00:00.000Z' }),
    ]);
    const { data } = await reportOf(tenant, 2);
    expect(data.map((row) => row.day)).toEqual(['2026-03-05', '2026-03-04']);
  });

  it('filters by model, key and day', async () => {
    const tenant = randomUUID();
    const key = randomUUID();
    await analytics.publish(tenant, [newRecord({ api_key_id: key }), newRecord({ model: 'b-model' })]);
    await reportOf(tenant, 2);
    await reportOf(tenant, 1, `${march}&model=b-model`);
    await reportOf(tenant, 1, `${march}&api_key_id=${key}`);
    await reportOf(tenant, 0, '?from=2026-04-01&to=2026-04-30');
  });

  it('pages without losing or repeating a row', async () => {
    const tenant = randomUUID();
    const records = ['a', 'b', 'c'].flatMap((model) => [
      newRecord({ model }),
      newRecord({ model, api_key_id: randomUUID() }),
      newRecord({ model, occurred_at: '2026-03-02T00:00:00.000Z' }),
    ]);
    await analytics.publish(tenant, records);
    const whole = await reportOf(tenant, 9);

    const rows: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: UsageReport = await analytics.report(
        tenant,
        `${march}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.data.length).toBeLessThanOrEqual(2);
      rows.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(rows).toEqual(whole.data);
  });
});

it('the golden message from when costs were kept is counted with them', async () => {
  const message = goldenMessage('gateway.usage.recorded.v1.priced', randomUUID());
  await analytics.send(message);
  expect(await reportOf(message.tenantid, 2)).toMatchObject({ cost_usd: '0.0081136', unpriced_requests: 0 });
});

it('the golden message is counted as it was published', async () => {
  const message = goldenMessage('gateway.usage.recorded.v1', randomUUID());
  await analytics.send(message);
  const { data } = await reportOf(message.tenantid, 2);
  expect(data.map((row) => [row.day, row.model])).toEqual([
    ['2026-03-01', 'claude-sonnet-5-5'],
    ['2026-03-01', 'openai/gpt-5'],
  ]);
});

describe('what calls cost', () => {
  const cents = ['0.1', '0.2', '0.000000000001', '123456789012345.25'];

  it.each(['day,model,api_key_id', 'session_id'])('is summed to the last place, by %s', async (columns) => {
    const tenant = randomUUID();
    await analytics.publish(
      tenant,
      cents.map((cost_usd) => newRecord({ cost_usd })),
    );

    const report = await reportOf(tenant, 4, `${march}&group_by=${columns}`);

    const sums = { cost_usd: '123456789012345.550000000001', unpriced_requests: 0 };
    expect(report).toMatchObject(sums);
    expect(report.data).toEqual([expect.objectContaining(sums)]);
  });

  it('has no zeros at its end, and counts apart the calls whose price nobody knew', async () => {
    const tenant = randomUUID();
    await analytics.publish(tenant, [newRecord({ cost_usd: '0.75' }), newRecord({ cost_usd: '0.25' }), newRecord()]);
    expect(await reportOf(tenant, 3)).toMatchObject({ cost_usd: '1', unpriced_requests: 1 });
  });

  it('of a call that cost nothing is nothing, and known', async () => {
    const tenant = randomUUID();
    await analytics.publish(tenant, [newRecord({ cost_usd: '0' })]);
    expect(await reportOf(tenant, 1)).toMatchObject({ cost_usd: '0', unpriced_requests: 0 });
  });

  it('is of one moment in sum and rows, over days and batches', async () => {
    const tenant = randomUUID();
    const days = ['2026-03-01', '2026-03-02', '2026-03-02'];
    for (const day of days)
      await analytics.publish(tenant, [newRecord({ occurred_at: `${day}T01:00:00.000Z`, cost_usd: '0.3' })]);
    const { cost_usd, data } = await reportOf(tenant, 3, `${march}&group_by=day`);
    expect([cost_usd, ...data.map((row) => row.cost_usd)]).toEqual(['0.9', '0.6', '0.3']);
  });
});

describe('a record counts once', () => {
  it('when its event is delivered again', async () => {
    const tenant = randomUUID();
    const record = newRecord();
    const eventId = randomUUID();
    await analytics.publish(tenant, [record], eventId);
    await analytics.publish(tenant, [record], eventId);
    await analytics.publish(tenant, [newRecord()]);
    await reportOf(tenant, 2);
  });

  it('when another event has it too', async () => {
    const tenant = randomUUID();
    const record = newRecord();
    await analytics.publish(tenant, [record]);
    await analytics.publish(tenant, [record, newRecord()]);
    await reportOf(tenant, 2);
  });

  it('when many batches of a tenant come at once', async () => {
    const tenant = randomUUID();
    const batches = Array.from({ length: 40 }, (_, i) => [
      newRecord({ model: `m${i % 3}` }),
      newRecord({ model: `m${i % 5}` }),
    ]);
    await Promise.all(batches.map((batch) => analytics.publish(tenant, batch)));
    const { tokens: sum } = await reportOf(tenant, 80);
    expect(sum.output).toBe(160);
  });
});

describe('the tenant', () => {
  it('sees its own usage alone', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await analytics.publish(a, [newRecord()]);
    await reportOf(a, 1);
    expect(await analytics.report(b, march)).toMatchObject({ requests: 0, data: [] });
  });

  it('is kept apart by row-level security even where a statement forgets it', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await analytics.publish(a, [newRecord()]);
    await reportOf(a, 1);
    const tables = ['usage_records', 'usage_daily'];
    expect(await analytics.database.seenBy(b, tables)).toEqual([0, 0]);
    expect(await analytics.database.seenBy(a, tables)).toEqual([1, 1]);
  });

  it('has a forced policy on every table that names it', async () => {
    expect(await unprotectedTables(analytics.database)).toEqual([]);
  });
});

it('the migrations leave nothing behind when they are reverted, and make the same schema again', () =>
  expectReversible({
    migrate: (url) => migrate({ url, migrations }),
    revert: (url) => revertMigrations({ url, migrations }),
  }));

describe('the report', () => {
  it('is for callers with usage:read', async () => {
    const token = analytics.token({ permissions: ['models:read'] });
    expect((await analytics.call('GET', '/v1/analytics/usage', { token })).status).toBe(403);
  });

  it.each([
    'from=1',
    'from=2026-01-02&to=2026-01-01',
    'from=2020-01-01&to=2026-01-01',
    'limit=0',
    'limit=1001',
    'x=1',
    'cursor=e30',
    `group_by=day&cursor=${encodeCursor(['0000-01-01'])}`,
    'to=0000-01-15',
    'to=0001-01-15',
  ])('refuses a query that does not fit: %s', async (query) => {
    const token = analytics.token({ permissions: ['usage:read'] });
    expect((await analytics.call('GET', `/v1/analytics/usage?${query}`, { token })).status).toBe(400);
  });
});

it('an event that does not fit its schema is set aside, and the next one is counted', async () => {
  const tenant = randomUUID();
  await analytics.publish(tenant, [newRecord({ duration_ms: 'long' as never })]);
  await analytics.publish(tenant, [newRecord()]);
  await reportOf(tenant, 1);
  await eventually(
    async () => {
      expect(await analytics.amqp.control('list_queues', 'name', 'messages')).toMatch(/parley\.analytics\.dead\t1/);
    },
    { timeoutMs: 10_000 },
  );
});
