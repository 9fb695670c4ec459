// Real: the service, PostgreSQL, Redis, RabbitMQ, MCP servers over stdio. Played: auth.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, revertMigrations, unprotectedTables } from '@parley/persistence';
import { eventually, expectReversible } from '@parley/testing';
import { Client } from 'pg';
import { migrations } from '../src/migrations/index.js';
import { published, scripted } from './fixtures/servers.js';
import { startHub, type RunningHub } from './mcp-hub-under-test.js';

let hub: RunningHub;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  await writeFile(join(folder, 'greeting.txt'), 'hello from a file');
  hub = await startHub({
    everything: published('everything'),
    files: published('filesystem', folder),
    bad: scripted(undefined, { timeout_ms: 500 }),
    patient: scripted(),
  });
}, 60_000);
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
}, 30_000);

const newTenant = (...permissions: string[]) => ({ tenant_id: randomUUID(), sub: randomUUID(), permissions });
const invoker = () => newTenant('tools:invoke');

describe('the servers and their tools', () => {
  it('are listed with what the servers say of themselves', async () => {
    const { body } = await hub.ask('GET', '/v1/mcp/servers', newTenant('tools:read'));
    expect(body['data']).toEqual([
      expect.objectContaining({ id: 'everything', status: 'running', name: expect.any(String), restarts: 0 }),
      expect.objectContaining({ id: 'files', status: 'running', tools: expect.any(Number) }),
      expect.objectContaining({ id: 'bad', status: 'running', name: 'scripted', version: '1.0.0' }),
      expect.objectContaining({ id: 'patient' }),
    ]);

    const tools = await hub.ask('GET', '/v1/mcp/servers/everything/tools', newTenant('tools:read'));
    expect(tools.body['data']).toContainEqual(
      expect.objectContaining({
        id: 'everything.echo',
        name: 'echo',
        input_schema: expect.objectContaining({ type: 'object', required: ['message'] }),
      }),
    );
  });

  it('of a server that is not there are 404', async () => {
    const answer = await hub.ask('GET', '/v1/mcp/servers/none/tools', newTenant('tools:read'));
    expect([answer.status, answer.body['code']]).toEqual([404, 'mcp_server.not_found']);
  });

  it('are for callers with tools:read', async () => {
    for (const path of ['/v1/mcp/servers', '/v1/mcp/servers/everything/tools'])
      expect((await hub.ask('GET', path, newTenant('tools:invoke'))).status).toBe(403);
  });
});

describe('a call', () => {
  it('is answered by the real tool', async () => {
    const echo = await hub.invoke('everything.echo', { message: 'hi' }, invoker());
    expect(echo).toMatchObject({
      status: 200,
      body: { content: [{ type: 'text', text: 'Echo: hi' }], is_error: false, invocation_id: expect.any(String) },
    });
    const read = await hub.invoke('files.read_text_file', { path: join(folder, 'greeting.txt') }, invoker());
    expect(read.body).toMatchObject({ content: [{ type: 'text', text: 'hello from a file' }] });
  });

  it('is on record, in the audit and as an event, with its end and without what was said', async () => {
    const caller = { ...invoker(), key_id: randomUUID() };
    const ok = await hub.invoke('everything.echo', { message: 'hush-hush' }, caller);
    await hub.invoke('files.read_text_file', { path: '/etc/shadow' }, caller);
    await hub.invoke('bad.ignore', {}, caller);

    const rows = await hub.audit(caller.tenant_id);

    const common = { tenant_id: caller.tenant_id, subject: caller.sub, api_key_id: caller.key_id };
    expect(rows).toEqual([
      expect.objectContaining({ ...common, tool_id: 'everything.echo', outcome: 'succeeded', error_code: null }),
      expect.objectContaining({ ...common, tool_id: 'files.read_text_file', outcome: 'tool_error' }),
      expect.objectContaining({ ...common, server_id: 'bad', outcome: 'failed', error_code: 'tool.timeout' }),
    ]);
    expect(rows[0]?.['id']).toBe(ok.body['invocation_id']);
    await eventually(() => {
      const own = hub.events.filter(({ tenantid }) => tenantid === caller.tenant_id);
      expect(own.flatMap(({ data }) => data.invocations.map(({ id }) => id))).toEqual(rows.map(({ id }) => id));
    });
    expect(JSON.stringify([rows, hub.events])).not.toContain('hush-hush');
  });

  it('with arguments that do not fit is 400, names them, and reaches neither tool nor audit', async () => {
    const caller = invoker();
    const missing = await hub.invoke('everything.echo', {}, caller);
    expect(missing).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', errors: [{ path: 'arguments.message', message: 'Is required' }] },
    });
    for (const [given, path] of [
      [{ text: 7 }, 'arguments.text'],
      [{ text: 'x', loud: true }, 'arguments.loud'],
    ] as const)
      expect(await hub.invoke('bad.echo', given, caller)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
    const unknown = await hub.ask('POST', '/v1/mcp/tools/bad.echo/invoke', caller, { arguments: {}, timeout: 1 });
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: 'timeout', message: 'Unknown field' }] } });
    expect(await hub.audit(caller.tenant_id)).toEqual([]);
  });

  it.each(['everything.none', 'none.echo', 'everything', '.echo'])('of no tool is 404: %s', async (id) => {
    const answer = await hub.invoke(id, {}, invoker());
    expect([answer.status, answer.body['code']]).toEqual([404, 'tool.not_found']);
  });

  it('needs the permission, for all tools or for this one', async () => {
    const one = newTenant('tools:invoke:everything.echo');
    expect((await hub.invoke('everything.echo', { message: 'hi' }, one)).status).toBe(200);
    expect((await hub.invoke('everything.get-sum', { a: 1, b: 2 }, one)).status).toBe(403);
    expect((await hub.invoke('everything.echo', { message: 'hi' }, newTenant('tools:read'))).status).toBe(403);
  });

  it('that breaks its server is told so, and the next one meets a server that is back', async () => {
    const caller = invoker();
    expect((await hub.invoke('bad.exit', {}, caller)).body['code']).toBe('tool.failed');
    const meanwhile = await hub.invoke('bad.echo', { text: 'hi' }, caller);
    expect([meanwhile.status, meanwhile.body['code']]).toEqual([503, 'mcp_server.unavailable']);
    expect(Number(meanwhile.retryAfter)).toBeGreaterThan(0);
    await eventually(async () => expect((await hub.invoke('bad.echo', { text: 'hi' }, caller)).status).toBe(200));
  });

  it('is called off, and on record, when its caller leaves', async () => {
    const caller = invoker();
    const leaving = new AbortController();
    const call = hub.invoke('patient.ignore', {}, caller, leaving.signal);
    const textOf = async (toolId: string) => JSON.stringify((await hub.invoke(toolId, {}, invoker())).body['content']);
    await eventually(async () => expect(await textOf('patient.ignored')).toContain('"1"'));
    leaving.abort();
    await expect(call).rejects.toThrow();
    await eventually(async () => expect(await textOf('patient.cancelled')).toContain('requestId'));
    const rows = await eventually(async () => {
      const found = await hub.audit(caller.tenant_id);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(rows).toEqual([expect.objectContaining({ outcome: 'failed', error_code: 'request.timeout' })]);
  });
});

describe('while nothing can be recorded', () => {
  it('calls are refused before the tool runs, and taken again when the database is back', async () => {
    const caller = invoker();
    await hub.toDatabase.cut();
    try {
      // The first one finds out; what it did cannot be told as done.
      expect((await hub.invoke('everything.echo', { message: 'hi' }, caller)).status).toBe(503);
      const path = join(folder, 'never.txt');
      const refused = await hub.invoke('files.write_file', { path, content: 'x' }, caller);
      expect([refused.status, refused.body['code']]).toEqual([503, 'service.unavailable']);
      const listing = await hub.ask('GET', '/v1/mcp/servers', newTenant('tools:read'));
      expect(listing.status).toBe(200);
    } finally {
      await hub.toDatabase.restore();
    }
    await eventually(async () =>
      expect((await hub.invoke('everything.echo', { message: 'hi' }, caller)).status).toBe(200),
    );
    const list = await hub.invoke('files.list_directory', { path: folder }, caller);
    expect(JSON.stringify(list.body)).not.toContain('never.txt');
  });
});

describe('the audit', () => {
  it('is kept apart by tenant by row-level security alone', async () => {
    const [a, b] = [invoker(), invoker()];
    await hub.invoke('everything.echo', { message: 'hi' }, a);
    const client = new Client({ connectionString: hub.database.appUrl });
    await client.connect();
    try {
      const seenBy = async (tenant: string) => {
        await client.query(`select set_config('parley.tenant_id', $1, false)`, [tenant]);
        return (await client.query('select 1 from tool_invocations')).rowCount;
      };
      expect([await seenBy(a.tenant_id), await seenBy(b.tenant_id)]).toEqual([1, 0]);
      const query = async (sql: string) => (await client.query(sql)).rows as unknown[];
      expect(await unprotectedTables({ query })).toEqual([]);
    } finally {
      await client.end();
    }
  });
});

it('the migrations leave nothing behind when they are reverted, and run again', () =>
  expectReversible({
    migrate: (url) => migrate({ url, migrations }),
    revert: (url) => revertMigrations({ url, migrations }),
  }));
