// Real: PostgreSQL. Its outages are made by an address in front of it that can be cut, or made to hang.
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Metrics, silentLog as log } from '@parley/service-kit';
import { eventually, severable, type Severable, type TestDatabase } from '@parley/testing';
import { awaitServer } from '../src/server-limits.js';
import type { DatabaseRoles } from '../src/database-roles.js';
import { notesDatabase, ours } from './notes.js';
import { openRoles } from './open-roles.js';

let testDb: TestDatabase;
let app: Severable;
let system: Severable;
let roles: DatabaseRoles;
const metrics = new Metrics();

beforeAll(async () => {
  testDb = await notesDatabase();
  [app, system] = await Promise.all([severable(testDb.appUrl), severable(testDb.systemUrl)]);
  const environment = { DATABASE_POOL_MAX: '2', DATABASE_STATEMENT_TIMEOUT_MS: '500' };
  roles = await openRoles({ appUrl: app.url, systemUrl: system.url }, environment, { metrics });
});
afterEach(() => Promise.all([app.restore(), system.restore()]));
afterAll(async () => {
  await roles.close();
  await Promise.all([app.close(), system.close()]);
  await testDb.drop();
});

const work = () => roles.database.inTenant(ours, (tx) => tx.query('select 1'));
const unavailable = { code: 'service.unavailable', text: { retryAfterMs: 2_000 } };

it('answers service.unavailable while the server is away, and works within 10 s of its return', async () => {
  await work();
  await Promise.all([app.cut(), system.cut()]);
  await expect(work()).rejects.toMatchObject(unavailable);
  await expect(roles.system.query('select 1')).rejects.toMatchObject(unavailable);
  await eventually(() => expect(roles.check()).rejects.toMatchObject(unavailable));

  await Promise.all([app.restore(), system.restore()]);

  await eventually(() => Promise.all([work(), roles.check()]), { timeoutMs: 10_000 });
});

it('fails a transaction whose connection is killed in it, and the next one works', async () => {
  const killed = roles.database.inTenant(ours, async (tx) => {
    const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await roles.system.query('select 1');
    await killBackend(row?.pid ?? 0);
    await tx.query('select 1');
  });
  await expect(killed).rejects.toMatchObject(unavailable);
  await work();
});

it('gives up on a server that hangs, and works again once it answers', async () => {
  await work();
  app.hang();
  await expect(work()).rejects.toMatchObject(unavailable);

  await app.restore();

  await eventually(work, { timeoutMs: 10_000 });
});

it('ends a statement that runs over its time with service.timeout', async () => {
  const slow = roles.database.inTenant(ours, (tx) => tx.query('select pg_sleep(10)'));
  await expect(slow).rejects.toMatchObject({ code: 'service.timeout' });
});

it('refuses callers at once when too many wait for a connection, and shows how many do', async () => {
  const times = (count: number, fn: () => Promise<unknown>) => Array.from({ length: count }, fn);
  const slow = () => roles.database.inTenant(ours, (tx) => tx.query('select pg_sleep(0.3)'));
  const holding = times(2, slow);
  await eventually(async () =>
    expect(await metrics.expose()).toContain('db_pool_connections{role="app",state="used"} 2'),
  );
  const waiting = times(2 * 50, work);

  await expect(work()).rejects.toMatchObject({ code: 'service.overloaded' });
  expect(await metrics.expose()).toContain('db_pool_waiting{role="app"} 100');

  await Promise.all([...holding, ...waiting]);
  expect(await metrics.expose()).toMatch(/db_query_duration_seconds_count\{query_type="select"\} [1-9]/);
});

it('takes a busy pool for alive', async () => {
  const busy = Array.from({ length: 20 }, () => roles.system.query('select pg_sleep(0.05)'));
  await Promise.race(busy);
  const startedAt = performance.now();
  await roles.check();
  expect(performance.now() - startedAt).toBeLessThan(50);
  await Promise.all(busy);
});

it('waits at the start for a server that is not there yet', async () => {
  await app.cut();
  const limits = awaitServer({ url: app.url, tls: false, log });
  await expect(awaitServer({ url: app.url, tls: false, log, patienceMs: 0 })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await app.restore();
  expect((await limits).connections).toBeGreaterThan(0);
});

it('does not wait for a server that refuses the password', async () => {
  const url = new URL(testDb.appUrl);
  url.password = 'wrong';
  await expect(awaitServer({ url: url.href, tls: false, log })).rejects.toMatchObject({ code: '28P01' });
});

/** A role may end the backends of its own sessions. */
async function killBackend(pid: number): Promise<void> {
  const own = await openRoles({ appUrl: testDb.appUrl, systemUrl: testDb.appUrl }, { DATABASE_POOL_MAX: '1' });
  await own.system.query('select pg_terminate_backend($1)', [pid]);
  await own.close();
}
