/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noTokens, type Project } from '@parley/contracts';
import { migrate, revertMigrations, unprotectedTables } from '@parley/persistence';
import { eventually, expectReversible } from '@parley/testing';
import { Client } from 'pg';
import { migrations } from '../src/migrations/index.js';
import { newPlatform, part, problem, text, user, whole, type Caller, type Platform } from './sessions-under-test.js';

let platform: Platform;
let acme: Caller;
let globex: Caller;
const theirs = { project: '', session: '', turn: '', lease: '' };

beforeAll(async () => {
  platform = await newPlatform();
  const instance = await platform.start();
  const permissions = ['sessions:read', 'sessions:write', 'sessions:administer'];
  const newCaller = () => instance.caller(randomUUID(), { permissions });
  [acme, globex] = [newCaller(), newCaller()];
  for (const caller of [globex, acme]) await fill(caller);
  // As if their gateways went on asking after them.
  await platform.database.query(`update turn_queue set seen_at = now() + interval '1 hour'`);
  for (const table of ['message_texts', 'message_tools'])
    await eventually(async () =>
      expect(await platform.database.query(`select distinct tenant_id from ${table}`)).toHaveLength(2),
    );
}, 60_000);

afterAll(() => platform.stop());

/** Puts something of the tenant into every table. */
async function fill(caller: Caller): Promise<void> {
  theirs.project = (await caller.ok<Project>('POST', '/v1/projects', { name: 'Ours' })).id;
  await caller.ok('PUT', '/v1/sessions/retention', { days: 30 });
  const own = caller === acme ? { name: 'Ours', tags: ['ours'] } : { tags: ['others'] };
  const request = { model: 'a-model', project_id: theirs.project, concurrency: 'queue', ...own };
  theirs.session = (await caller.newSession(request)).id;
  const opened = await caller.open(theirs.session, [user('?')]);
  await caller.turn(opened.turnId, 'checkpoint', part(opened.lease, [text('Fa')]));
  await caller.tryOpen(theirs.session, [user('And then?')], randomUUID(), { wait: true });
  Object.assign(theirs, { turn: opened.turnId, lease: opened.lease });

  const { id } = await caller.newSession();
  await caller.call('POST', `/v1/sessions/${id}/messages`, { content: 'Ours' }, { 'idempotency-key': 'ours' });
  const [said] = await caller.messages(id);
  const { turnId, lease } = await caller.open(id, [user('?')]);
  const summary = { until_message_id: said?.id, text: 'Ours', messages: 1, model: 'a-model', cost_usd: null };
  await caller.turn(turnId, 'summary', { lease, ...summary, tokens: noTokens });
  await caller.turn(turnId, 'complete', whole(lease, [{ type: 'tool_call', id: 'c', name: 'ours', arguments: '{}' }]));
}

describe('another tenant', () => {
  it('gets 404 for every id that is not theirs, and changes nothing', async () => {
    const before = await acme.ok('GET', `/v1/sessions/${theirs.session}`);
    for (const [method, path, code, body] of [
      ['GET', `/v1/projects/${theirs.project}`, 'project.not_found', undefined],
      ['PATCH', `/v1/projects/${theirs.project}`, 'project.not_found', { name: 'Mine' }],
      ['DELETE', `/v1/projects/${theirs.project}`, 'project.not_found', undefined],
      ['POST', '/v1/sessions', 'project.not_found', { project_id: theirs.project }],
      ['GET', `/v1/sessions/${theirs.session}`, 'session.not_found', undefined],
      ['PATCH', `/v1/sessions/${theirs.session}`, 'session.not_found', { name: 'Mine' }],
      ['DELETE', `/v1/sessions/${theirs.session}`, 'session.not_found', undefined],
      ['POST', `/v1/sessions/${theirs.session}/archive`, 'session.not_found', undefined],
      ['POST', `/v1/sessions/${theirs.session}/restore`, 'session.not_found', undefined],
      ['POST', `/v1/sessions/${theirs.session}/stop`, 'session.not_found', undefined],
      ['POST', `/v1/sessions/${theirs.session}/fork`, 'session.not_found', {}],
      ['POST', `/v1/sessions/${theirs.session}/rewind`, 'session.not_found', { message_id: null }],
      ['POST', `/v1/sessions/${theirs.session}/clear`, 'session.not_found', undefined],
      ['GET', `/v1/sessions/${theirs.session}/messages`, 'session.not_found', undefined],
      ['POST', `/v1/sessions/${theirs.session}/messages`, 'session.not_found', { content: 'Me too' }],
    ] as const)
      expect(await globex.call(method, path, body)).toMatchObject(problem(404, code));
    expect(await globex.tryOpen(theirs.session, [user('?')])).toMatchObject(problem(404, 'session.not_found'));
    expect(await acme.ok('GET', `/v1/sessions/${theirs.session}`)).toEqual(before);
  });

  it('finds nothing that is not theirs in a list', async () => {
    const { data } = await globex.ok<{ data: { id: string }[] }>('GET', '/v1/sessions');
    expect(data.map(({ id }) => id)).not.toContain(theirs.session);
    for (const query of [
      `project_id=${theirs.project}`,
      'text=ours',
      'tag=ours',
      'sort=name&text=ours',
      'sort=updated&tag=ours',
    ])
      expect(await globex.ok('GET', `/v1/sessions?${query}`)).toMatchObject({ data: [] });
    const projects = await globex.ok<{ data: { id: string }[] }>('GET', '/v1/projects');
    expect(projects.data.map(({ id }) => id)).not.toContain(theirs.project);
  });

  it('may choose the same id for a turn, and gets one of their own', async () => {
    const { id } = await globex.newSession();
    const { lease } = await globex.open(id, [user('?')], theirs.turn);
    expect((await globex.turn(theirs.turn, 'checkpoint', part(lease, [text('Ours')]))).status).toBe(200);
    expect((await acme.messages(theirs.session))[1]?.content).toEqual([text('Fa')]);
  });
});

describe('row-level security alone', () => {
  /** As the app role, with nothing but row-level security to hold it back; answers the rows of the last statement. */
  async function inTenant(tenantId: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: platform.database.appUrl });
    await client.connect();
    try {
      await client.query('begin');
      // Texts are seen by who searches for them: whoever it is here, what acme would find.
      await client.query(
        `select set_config('parley.tenant_id', $1, true), set_config('parley.words', $2, true),
          set_config('parley.windows', array[search_window($3, 0, now())]::text, true)`,
        [tenantId, `'our'`, acme.tenantId],
      );
      let rows: Record<string, unknown>[] = [];
      for (const sql of statements) ({ rows } = await client.query<Record<string, unknown>>(sql));
      return rows;
    } finally {
      await client.end();
    }
  }
  /** Of both tenants there is something in each. */
  const tables = [
    ...['projects', 'sessions', 'session_tags', 'session_retention', 'messages', 'message_texts', 'message_tools'],
    ...['append_keys', 'turns', 'turn_queue', 'summaries'],
  ];

  it('is forced on every table that names a tenant, each of which is tried here', async () => {
    expect(await unprotectedTables(platform.database)).toEqual([]);
    const rows = await platform.database.query<{ name: string }>(
      `select table_name as name from information_schema.columns where column_name = 'tenant_id' and table_schema = 'public'`,
    );
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...tables, 'outbox'].toSorted());
  });

  it.each(tables)('shows a tenant their own rows of %s, and nobody else any', async (table) => {
    const rows = await inTenant(acme.tenantId, `select tenant_id from ${table}`);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row['tenant_id'] === acme.tenantId)).toBe(true);
    expect(await inTenant(randomUUID(), `select 1 from ${table}`)).toEqual([]);
  });

  it.each(tables)('lets nobody change or delete the rows of another in %s', async (table) => {
    const stranger = randomUUID();
    expect(await inTenant(stranger, `update ${table} set tenant_id = tenant_id returning 1`)).toEqual([]);
    expect(await inTenant(stranger, `delete from ${table} returning 1`)).toEqual([]);
  });

  it('shows nobody the events of another', async () => {
    // Those that are committed are gone in a moment.
    const insert = `insert into outbox (id, type, tenant_id, traceparent, data)
      values ('${randomUUID()}', 'a.type', '${acme.tenantId}', '', '{}')`;
    const asStranger = `select set_config('parley.tenant_id', '${randomUUID()}', true)`;
    const read = 'select tenant_id from outbox';
    expect(await inTenant(acme.tenantId, insert, read)).toContainEqual({ tenant_id: acme.tenantId });
    for (const sql of [read, 'update outbox set type = type returning 1', 'delete from outbox returning 1'])
      expect(await inTenant(acme.tenantId, insert, asStranger, sql)).toEqual([]);
  });

  it('lets nobody put a message into the session of another', async () => {
    const insert = (tenantId: string) =>
      `insert into messages (id, tenant_id, session_id, position, role, body, bytes, status)
       values ('${randomUUID()}', '${tenantId}', '${theirs.session}', 99, 'user', '{}', 514, 'complete')`;
    await expect(inTenant(globex.tenantId, insert(acme.tenantId))).rejects.toMatchObject({ code: '42501' });
    await expect(inTenant(globex.tenantId, insert(globex.tenantId))).rejects.toMatchObject({ code: '23503' });
  });
});

it('the migrations leave nothing behind when they are reverted, and make the same schema again', () =>
  expectReversible({
    migrate: (url) => migrate({ url, migrations }),
    revert: (url) => revertMigrations({ url, migrations }),
  }));
