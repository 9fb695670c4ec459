/** Real: the gateway over HTTP, PostgreSQL, Redis. Fake: auth, the provider, outages of PostgreSQL; the broker is away. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate, revertMigrations, unprotectedTables } from '@parley/persistence';
import {
  eventually,
  expectReversible,
  severable,
  testService,
  type Severable,
  type TestService,
} from '@parley/testing';
import { migrations } from '../src/migrations/index.js';
import { answeredBy, completionOf, startGateway } from './answering-gateway.js';
import { json, startStub, type StubService } from './edge/stub-service.js';

let provider: StubService;
let system: Severable;
let gateway: TestService;
const tenant = randomUUID();

beforeAll(async () => {
  provider = await startStub(json(200, completionOf('small-1')));
  gateway = await testService({
    start: async (env) => {
      system = await severable(env['DATABASE_SYSTEM_URL'] ?? '');
      return startGateway({ ...env, DATABASE_SYSTEM_URL: system.url });
    },
    env: answeredBy(provider),
  });
}, 60_000);

afterAll(async () => {
  await gateway.stop();
  await Promise.all([system.close(), provider.stop()]);
}, 30_000);

beforeEach(() => gateway.database.query('truncate usage_records, outbox'));

const ask = () =>
  gateway.call('POST', '/v1/chat/completions', {
    token: gateway.token({ tenant_id: tenant, permissions: ['completions:create'] }),
    body: { model: 'openai/small-1', messages: [{ role: 'user', content: 'Are you there?' }] },
  });

const written = (table: 'usage_records' | 'outbox') =>
  gateway.database.query<{ transaction: string }>(`select xmin::text as transaction, * from ${table}`);

describe('the record of a call', () => {
  it('and the event that tells of it are one commit, made before the answer ends', async () => {
    expect((await ask()).status).toBe(200);

    const [records, events] = [await written('usage_records'), await written('outbox')];
    expect(records).toMatchObject([{ tenant_id: tenant }]);
    expect(events).toMatchObject([{ tenant_id: tenant, type: 'gateway.usage.recorded.v1' }]);
    expect(events[0]?.transaction).toBe(records[0]?.transaction);
  });

  it('is its tenant’s alone, by row-level security even where a statement forgets the tenant', async () => {
    await ask();
    const tables = ['usage_records', 'outbox'];
    expect(await gateway.database.seenBy(randomUUID(), tables)).toEqual([0, 0]);
    expect(await gateway.database.seenBy(tenant, tables)).toEqual([1, 1]);
  });

  it('is not kept without its event, and then there is no answer either', async () => {
    await gateway.database.query(`alter table outbox add constraint none check (type = '')`);
    try {
      const answer = await ask();
      expect(answer.status).toBe(500);
      expect(JSON.stringify(answer.body)).not.toContain('Yes.');
      expect(await written('usage_records')).toEqual([]);
    } finally {
      await gateway.database.query('alter table outbox drop constraint none');
    }
  });
});

describe('while usage cannot be recorded', () => {
  it('calls are refused before a provider is asked, and answered again soon after the database is back', async () => {
    await system.cut();
    // The first call learns of it when its record is to be written.
    expect((await ask()).status).toBe(503);
    const asked = provider.seen.length;

    const refused = await ask();

    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(provider.seen).toHaveLength(asked);
    await system.restore();
    await eventually(async () => expect((await ask()).status).toBe(200));
  });
});

describe('the schema', () => {
  it('has a forced policy on every table that names a tenant', async () => {
    expect(await unprotectedTables(gateway.database)).toEqual([]);
  });

  it('leaves nothing behind when its migrations are reverted, and is made the same again', () =>
    expectReversible({
      migrate: (url) => migrate({ url, migrations }),
      revert: (url) => revertMigrations({ url, migrations }),
    }));
});
