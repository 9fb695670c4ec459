// Real: the service, PostgreSQL, Redis and RabbitMQ. Played: auth, which signs what it is told.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionDeleted, type UsageReport } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { newRecord, startAnalytics, tokens, type RunningAnalytics } from './analytics-under-test.js';

let analytics: RunningAnalytics;

beforeAll(async () => {
  analytics = await startAnalytics();
}, 60_000);
afterAll(() => analytics.stop(), 30_000);

const unpriced = { cost_usd: '0', unpriced_requests: 1 };

const march = '?from=2026-03-01&to=2026-03-31';

const reportOf = (tenantId: string, query: string, requests: number) =>
  eventually(async () => {
    const report = await analytics.report(tenantId, march + query);
    expect(report.requests).toBe(requests);
    return report;
  });

describe('usage by what it was for', () => {
  it.each(['session_id', 'project_id', 'expert_query_id'] as const)(
    'is broken down by %s, calls outside of any first, and adds up to the whole',
    async (name) => {
      const tenant = randomUUID();
      const [a, b] = [randomUUID(), randomUUID()].toSorted();
      await analytics.publish(tenant, [
        newRecord({ [name]: a }),
        newRecord({ [name]: b }),
        newRecord({ [name]: b, model: 'b-model' }),
        newRecord(),
      ]);

      const { data, requests } = await reportOf(tenant, `&group_by=${name}`, 4);

      const none = { day: null, model: null, api_key_id: null };
      expect(data).toEqual([
        { ...none, [name]: null, requests: 1, tokens, ...unpriced },
        { ...none, [name]: a, requests: 1, tokens, ...unpriced },
        {
          ...none,
          ...unpriced,
          [name]: b,
          requests: 2,
          unpriced_requests: 2,
          tokens: { input: 2, output: 4, cache_read: 6, cache_write: 8, reasoning: 10 },
        },
      ]);
      expect(requests).toBe(4);
    },
  );

  it.each(['session_id', 'project_id', 'expert_query_id'] as const)('filters by %s', async (name) => {
    const tenant = randomUUID();
    const id = randomUUID();
    await analytics.publish(tenant, [newRecord({ [name]: id }), newRecord({ [name]: randomUUID() }), newRecord()]);

    const { data } = await reportOf(tenant, `&${name}=${id}`, 1);

    expect(data).toEqual([{ day: '2026-03-01', model: 'a-model', api_key_id: null, requests: 1, tokens, ...unpriced }]);
  });

  it('belongs to the UTC day, and to the range with both its ends, as in the daily sums', async () => {
    const tenant = randomUUID();
    const session_id = randomUUID();
    const times = [
      '2026-02-28T23:59:59.999Z',
      '2026-03-01T00:00:00.000Z',
      '2026-03-31T23:59:59.999Z',
      '2026-04-01T00:00:00.000Z',
    ];
    await analytics.publish(
      tenant,
      times.map((occurred_at) => newRecord({ occurred_at, session_id })),
    );

    const { data } = await reportOf(tenant, '&group_by=day,session_id', 2);

    expect(data.map((row) => row.day)).toEqual(['2026-03-31', '2026-03-01']);
  });

  it('has the columns that the report is grouped by, in the order in which they are named', async () => {
    const tenant = randomUUID();
    await analytics.publish(tenant, [
      newRecord({ model: 'b-model' }),
      newRecord({ model: 'a-model', occurred_at: '2026-03-02T00:00:00.000Z' }),
      newRecord({ model: 'a-model' }),
    ]);

    const { data } = await reportOf(tenant, '&group_by=model,day', 3);

    expect(data.map((row) => [row.model, row.day])).toEqual([
      ['a-model', '2026-03-02'],
      ['a-model', '2026-03-01'],
      ['b-model', '2026-03-01'],
    ]);
    expect(Object.keys(data[0] ?? {})).toEqual([
      ...['day', 'model', 'api_key_id', 'requests', 'tokens', 'cost_usd', 'unpriced_requests'],
    ]);
  });

  it('pages without losing or repeating a row', async () => {
    const tenant = randomUUID();
    const sessions = [undefined, randomUUID(), randomUUID(), randomUUID()];
    const records = sessions.flatMap((session_id) =>
      ['2026-03-01', '2026-03-02'].map((day) =>
        newRecord({ occurred_at: `${day}T01:00:00.000Z`, ...(session_id && { session_id }) }),
      ),
    );
    await analytics.publish(tenant, records);
    const query = '&group_by=session_id,day';
    const whole = await reportOf(tenant, query, 8);

    const rows: UsageReport['data'] = [];
    let cursor: string | null = null;
    do {
      const at: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await analytics.report(tenant, `${march}${query}&limit=3${at}`);
      rows.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(rows).toHaveLength(8);
    expect(rows).toEqual(whole.data);
  });

  it.each(['', 'day,', 'week', 'day,day', 'day;model'])(
    'refuses to be grouped by "%s", naming the field',
    async (columns) => {
      const token = analytics.token({ permissions: ['usage:read'] });
      const answer = await analytics.call('GET', `/v1/analytics/usage?group_by=${columns}`, { token });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ path: expect.stringMatching(/^group_by/) }] });
    },
  );

  it('refuses the cursor of another breakdown', async () => {
    const tenant = randomUUID();
    await analytics.publish(tenant, [newRecord(), newRecord({ model: 'b-model' })]);
    const { next_cursor } = await reportOf(tenant, '&group_by=model&limit=1', 2);
    const token = analytics.token({ tenant_id: tenant, permissions: ['usage:read'] });
    const path = `/v1/analytics/usage?group_by=day&cursor=${next_cursor ?? ''}`;
    expect(await analytics.call('GET', path, { token })).toMatchObject({
      status: 400,
      body: { code: 'cursor.invalid' },
    });
  });
});

describe('when a session is deleted', () => {
  const deleted = (tenant: string, session_id: string, id = randomUUID()) =>
    analytics.tell(sessionDeleted, tenant, { session_id, project_id: null, deleted_by: randomUUID() }, { id });
  const bySession = async (tenant: string) =>
    (await analytics.report(tenant, `${march}&group_by=session_id`)).data.map((row) => [row.session_id, row.requests]);

  it('its usage still counts, and names it no more; another session keeps its name', async () => {
    const tenant = randomUUID();
    const [gone, kept] = [randomUUID(), randomUUID()];
    await analytics.publish(tenant, [newRecord({ session_id: gone }), newRecord({ session_id: kept })]);
    await reportOf(tenant, '', 2);

    await deleted(tenant, gone);

    await eventually(async () => {
      expect(await bySession(tenant)).toEqual([
        [null, 1],
        [kept, 1],
      ]);
    });
  });

  it('another tenant’s session of the same id is left alone', async () => {
    const [tenant, other, session] = [randomUUID(), randomUUID(), randomUUID()];
    await analytics.publish(tenant, [newRecord({ session_id: session })]);
    await reportOf(tenant, '', 1);
    await deleted(other, session);
    await analytics.publish(other, [newRecord()]);
    await reportOf(other, '', 1);
    expect(await bySession(tenant)).toEqual([[session, 1]]);
  });

  it('a record of it that comes later names it until the next sweep, and no longer', async () => {
    const [tenant, session] = [randomUUID(), randomUUID()];
    await deleted(tenant, session);
    await eventually(async () => {
      const { sessions_deleted } = await analytics.report<{ sessions_deleted: number }>(tenant, '', 'sessions');
      expect(sessions_deleted).toBe(1);
    });
    await analytics.publish(tenant, [newRecord({ session_id: session })]);
    await reportOf(tenant, '', 1);

    await analytics.retention.sweep();

    expect(await bySession(tenant)).toEqual([[null, 1]]);
  });
});
