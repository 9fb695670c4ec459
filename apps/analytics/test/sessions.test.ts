// Real: the service, PostgreSQL, Redis and RabbitMQ. Played: auth, which signs what it is told.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  sessionCreated,
  sessionDeleted,
  turnCompleted,
  turnInterrupted,
  type SessionUsageReport,
} from '@parley/contracts';
import { eventually } from '@parley/testing';
import { goldenMessage, startAnalytics, tokens, type RunningAnalytics } from './analytics-under-test.js';

let analytics: RunningAnalytics;

beforeAll(async () => {
  analytics = await startAnalytics();
}, 60_000);
afterAll(() => analytics.stop(), 30_000);

const march = '?from=2026-03-01&to=2026-03-31';
const at = (day: string) => ({ time: `${day}T12:00:00.000Z` });

const session = (project_id: string | null = null) => ({ session_id: randomUUID(), project_id });
const turn = (project_id: string | null = null) => ({
  ...session(project_id),
  turn_id: randomUUID(),
  model: 'a-model',
  duration_ms: 5,
  message_id: randomUUID(),
});
const created = (tenant: string, project: string | null = null, day = '2026-03-01') =>
  analytics.tell(sessionCreated, tenant, { ...session(project), created_by: randomUUID() }, at(day));

/** The report once it fits; what comes too often never does. */
const reportOf = (tenant: string, expected: Partial<SessionUsageReport>, query = march) =>
  eventually(async () => {
    const report = await analytics.report<SessionUsageReport>(tenant, query, 'sessions');
    expect(report).toMatchObject(expected);
    return report;
  });

describe('sessions', () => {
  it('are counted as created and deleted, their turns as completed and interrupted, with the tokens of the completed', async () => {
    const tenant = randomUUID();
    const day = at('2026-03-01');
    await created(tenant);
    await created(tenant);
    await analytics.tell(sessionDeleted, tenant, { ...session(), deleted_by: randomUUID() }, day);
    await analytics.tell(turnCompleted, tenant, { ...turn(), tokens }, day);
    await analytics.tell(turnCompleted, tenant, { ...turn(), tokens }, day);
    await analytics.tell(turnInterrupted, tenant, { ...turn(), reason: 'failed' }, day);

    const { data, next_cursor, from, to, ...total } = await reportOf(tenant, {
      sessions_created: 2,
      sessions_deleted: 1,
      turns_completed: 2,
      turns_interrupted: 1,
      tokens: { input: 2, output: 4, cache_read: 6, cache_write: 8, reasoning: 10 },
    });

    expect(data).toEqual([{ day: '2026-03-01', project_id: null, ...total }]);
    expect([from, to, next_cursor]).toEqual(['2026-03-01', '2026-03-31', null]);
  });

  it('are broken down by day and project, newest day first, those outside of projects before the others', async () => {
    const tenant = randomUUID();
    const project = randomUUID();
    await created(tenant, project);
    await created(tenant);
    await created(tenant, project, '2026-03-02');

    const { data } = await reportOf(tenant, { sessions_created: 3 });

    expect(data.map((row) => [row.day, row.project_id])).toEqual([
      ['2026-03-02', project],
      ['2026-03-01', null],
      ['2026-03-01', project],
    ]);
    await reportOf(tenant, { sessions_created: 2 }, `${march}&project_id=${project}`);
    await reportOf(tenant, { sessions_created: 1 }, '?from=2026-03-02&to=2026-03-02');
  });

  it('page without losing or repeating a row', async () => {
    const tenant = randomUUID();
    for (const project of [null, randomUUID(), randomUUID()]) await created(tenant, project);
    const whole = await reportOf(tenant, { sessions_created: 3 });
    const report = (query: string) => analytics.report<SessionUsageReport>(tenant, march + query, 'sessions');
    const first = await report('&limit=2');
    const rest = await report(`&limit=2&cursor=${first.next_cursor ?? ''}`);
    expect([...first.data, ...rest.data]).toEqual(whole.data);
  });

  it('count once, however often their event is delivered', async () => {
    const tenant = randomUUID();
    const data = { ...turn(), tokens };
    const again = { id: randomUUID(), ...at('2026-03-01') };
    await analytics.tell(turnCompleted, tenant, data, again);
    await analytics.tell(turnCompleted, tenant, data, again);
    await created(tenant);
    await reportOf(tenant, { sessions_created: 1, turns_completed: 1 });
  });

  it('are told to their tenant alone, and to callers with usage:read', async () => {
    const tenant = randomUUID();
    await created(tenant);
    await reportOf(tenant, { sessions_created: 1 });
    await reportOf(randomUUID(), { sessions_created: 0, data: [] });
    const token = analytics.token({ permissions: ['sessions:read'] });
    expect((await analytics.call('GET', '/v1/analytics/sessions', { token })).status).toBe(403);
  });
});

it('the golden messages are counted as they were published', async () => {
  const tenant = randomUUID();
  const types = [sessionCreated, sessionDeleted, turnCompleted, turnInterrupted].map(({ type }) => type);
  for (const type of types) await analytics.send(goldenMessage(type, tenant));
  const once = { sessions_created: 1, sessions_deleted: 1, turns_completed: 1, turns_interrupted: 1 };
  const { tokens: sum } = await reportOf(tenant, once, '?from=2026-11-21&to=2026-11-21');
  expect(sum.output).toBe(340);
});

it('a tenant’s sessions are kept apart by row-level security even where a statement forgets it', async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  await created(a);
  await analytics.tell(sessionDeleted, a, { ...session(), deleted_by: randomUUID() }, at('2026-03-01'));
  await reportOf(a, { sessions_created: 1, sessions_deleted: 1 });
  const tables = ['session_daily', 'deleted_sessions'];
  expect(await analytics.database.seenBy(b, tables)).toEqual([0, 0]);
  expect(await analytics.database.seenBy(a, tables)).toEqual([1, 1]);
});
