// Real: the service, PostgreSQL, Redis and RabbitMQ. Played: auth, which signs what it is told.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toolInvoked, type ToolInvocation, type ToolUsageReport } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { goldenMessage, startAnalytics, type RunningAnalytics } from './analytics-under-test.js';

let analytics: RunningAnalytics;

beforeAll(async () => {
  analytics = await startAnalytics();
}, 60_000);
afterAll(() => analytics.stop(), 30_000);

const march = '?from=2026-03-01&to=2026-03-31';
const newInvocation = (changes: Partial<ToolInvocation> = {}): ToolInvocation => ({
  id: randomUUID(),
  occurred_at: '2026-03-01T12:00:00.000Z',
  request_id: 'request',
  subject: randomUUID(),
  api_key_id: null,
  tool_id: 'everything.echo',
  server_id: 'everything',
  outcome: 'succeeded',
  error_code: null,
  duration_ms: 3,
  ...changes,
});

const invoked = (tenant: string, invocations: ToolInvocation[], id = randomUUID()) =>
  analytics.tell(toolInvoked, tenant, { invocations }, { id });
const reportOf = (tenant: string, calls: number, query = march) =>
  eventually(async () => {
    const report = await analytics.report<ToolUsageReport>(tenant, query, 'tools');
    expect(report.calls).toBe(calls);
    return report;
  });

describe('calls of tools', () => {
  it('are summed, and broken down by day, tool and key, newest day first', async () => {
    const tenant = randomUUID();
    const key = randomUUID();
    await invoked(tenant, [
      newInvocation(),
      newInvocation({ api_key_id: key }),
      newInvocation({ tool_id: 'files.read' }),
      newInvocation({ occurred_at: '2026-03-02T00:00:00.000Z' }),
    ]);

    const { data } = await reportOf(tenant, 4);

    expect(data.map((row) => [row.day, row.tool_id, row.api_key_id, row.calls])).toEqual([
      ['2026-03-02', 'everything.echo', null, 1],
      ['2026-03-01', 'everything.echo', null, 1],
      ['2026-03-01', 'everything.echo', key, 1],
      ['2026-03-01', 'files.read', null, 1],
    ]);
  });

  it('are errors when the tool says so and when no answer came', async () => {
    const tenant = randomUUID();
    await invoked(tenant, [
      newInvocation(),
      newInvocation({ outcome: 'tool_error' }),
      newInvocation({ outcome: 'failed', error_code: 'tool.timeout' }),
    ]);
    const { errors, data } = await reportOf(tenant, 3);
    expect([errors, data[0]?.errors]).toEqual([2, 2]);
  });

  it('have their mean and longest duration, and each is in the first class that holds it', async () => {
    const tenant = randomUUID();
    const durations = [0, 10, 11, 60_000, 60_001];
    await invoked(
      tenant,
      durations.map((duration_ms) => newInvocation({ duration_ms })),
    );
    await invoked(tenant, [newInvocation({ duration_ms: 1, occurred_at: '2026-03-02T12:00:00.000Z' })]);

    const { duration, data } = await reportOf(tenant, 6);

    expect(duration).toEqual({
      mean_ms: (10 + 11 + 60_000 + 60_001 + 1) / 6,
      max_ms: 60_001,
      histogram: [
        { up_to_ms: 10, calls: 3 },
        { up_to_ms: 25, calls: 1 },
        { up_to_ms: 60_000, calls: 1 },
        { up_to_ms: null, calls: 1 },
      ],
    });
    expect(data[0]?.duration).toEqual({ mean_ms: 1, max_ms: 1, histogram: [{ up_to_ms: 10, calls: 1 }] });
  });

  it('filter by tool, key and day', async () => {
    const tenant = randomUUID();
    const key = randomUUID();
    await invoked(tenant, [newInvocation({ api_key_id: key }), newInvocation({ tool_id: 'files.read' })]);
    await reportOf(tenant, 2);
    await reportOf(tenant, 1, `${march}&tool_id=files.read`);
    await reportOf(tenant, 1, `${march}&api_key_id=${key}`);
    const none = await reportOf(tenant, 0, '?from=2026-04-01&to=2026-04-30');
    expect(none).toMatchObject({ errors: 0, duration: { mean_ms: null, max_ms: null, histogram: [] }, data: [] });
  });

  it('count once, in a repeated event and in two events', async () => {
    const tenant = randomUUID();
    const one = newInvocation();
    const eventId = randomUUID();
    await invoked(tenant, [one], eventId);
    await invoked(tenant, [one], eventId);
    await invoked(tenant, [one, newInvocation()]);
    await reportOf(tenant, 2);
  });

  it('are told to their tenant alone, and to callers with usage:read', async () => {
    const tenant = randomUUID();
    await invoked(tenant, [newInvocation()]);
    await reportOf(tenant, 1);
    await reportOf(randomUUID(), 0);
    const token = analytics.token({ permissions: ['tools:read'] });
    expect((await analytics.call('GET', '/v1/analytics/tools', { token })).status).toBe(403);
  });

  it('page without losing or repeating a row', async () => {
    const tenant = randomUUID();
    const tools = ['a', 'b', 'c'].flatMap((name) => [
      newInvocation({ tool_id: `x.${name}` }),
      newInvocation({ tool_id: `x.${name}`, api_key_id: randomUUID(), duration_ms: 400 }),
    ]);
    await invoked(tenant, tools);
    const whole = await reportOf(tenant, 6);
    const first = await analytics.report<ToolUsageReport>(tenant, `${march}&limit=4`, 'tools');
    const rest = await analytics.report<ToolUsageReport>(
      tenant,
      `${march}&limit=4&cursor=${first.next_cursor ?? ''}`,
      'tools',
    );
    expect([...first.data, ...rest.data]).toEqual(whole.data);
    expect(rest.next_cursor).toBeNull();
  });
});

it('the golden message is counted as it was published', async () => {
  const tenant = randomUUID();
  await analytics.send(goldenMessage('mcp-hub.tool.invoked.v1', tenant));
  const { data, errors } = await reportOf(tenant, 2, '?from=2026-11-21&to=2026-11-21');
  expect(errors).toBe(1);
  expect(data.map((row) => [row.tool_id, row.errors, row.duration.max_ms])).toEqual([
    ['everything.echo', 0, 3],
    ['files.read_text_file', 1, 60_000],
  ]);
});

it('a tenant’s calls are kept apart by row-level security even where a statement forgets it', async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  await invoked(a, [newInvocation()]);
  await reportOf(a, 1);
  const tables = ['tool_invocations', 'tool_daily'];
  expect(await analytics.database.seenBy(b, tables)).toEqual([0, 0]);
  expect(await analytics.database.seenBy(a, tables)).toEqual([1, 1]);
});
