// Real: the service, PostgreSQL, Redis and RabbitMQ. Played: auth, which signs what it is told.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { toolInvoked } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { newRecord, startAnalytics, type RunningAnalytics } from './analytics-under-test.js';

let analytics: RunningAnalytics;

beforeAll(async () => {
  analytics = await startAnalytics();
}, 60_000);
afterAll(() => analytics.stop(), 30_000);

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString();
const rows = (sql: string) => analytics.database.query<{ id: string }>(sql);
const invocation = (occurred_at: string) => ({
  ...{ id: randomUUID(), occurred_at, request_id: 'r', subject: randomUUID(), api_key_id: null },
  ...{ tool_id: 'a.b', server_id: 'a', outcome: 'succeeded' as const, error_code: null, duration_ms: 1 },
});

it('the ledgers forget after 400 days, and not a day before; the sums and reports of them stay', async () => {
  const tenant = randomUUID();
  const [old, fresh] = [daysAgo(401), daysAgo(399)];
  const records = [newRecord({ occurred_at: old }), newRecord({ occurred_at: fresh })];
  const invocations = [invocation(old), invocation(fresh)];
  await analytics.publish(tenant, records);
  await analytics.tell(toolInvoked, tenant, { invocations });
  await eventually(async () => {
    const counted = await rows('select id from usage_records union all select id from tool_invocations');
    expect(counted).toHaveLength(4);
  });

  await analytics.retention.sweep();

  expect(await rows('select id from usage_records')).toEqual([{ id: records[1]?.id }]);
  expect(await rows('select id from tool_invocations')).toEqual([{ id: invocations[1]?.id }]);
  const range = `?from=${old.slice(0, 10)}&to=${fresh.slice(0, 10)}`;
  expect((await analytics.report(tenant, range)).requests).toBe(2);
  expect((await analytics.report<{ calls: number }>(tenant, range, 'tools')).calls).toBe(2);
});

it('a deleted session is remembered for 30 days, so that late records of it are found', async () => {
  const [old, fresh] = [randomUUID(), randomUUID()];
  await analytics.database.query(
    `insert into deleted_sessions (tenant_id, session_id, deleted_at) values
      (gen_random_uuid(), $1, now() - interval '31 days'), (gen_random_uuid(), $2, now() - interval '29 days')`,
    [old, fresh],
  );

  await analytics.retention.sweep();

  expect(await rows('select session_id as id from deleted_sessions')).toEqual([{ id: fresh }]);
});
