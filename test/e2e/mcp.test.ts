import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type ChannelModel } from 'amqplib';
import { databaseOf, query } from '../database.ts';
import { call, demoKey, newKey, type Answer } from './platform.js';

type Json = Record<string, unknown>;

/** What an outside subscriber hears: a queue and a binding of its own, and nothing of ours. */
const heard: { readonly type: string; readonly data: { readonly invocations: readonly Json[] } }[] = [];
let broker: ChannelModel;

beforeAll(async () => {
  broker = await connect(process.env['PARLEY_AMQP_URL'] ?? '');
  const channel = await broker.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'parley.events', 'mcp-hub.tool.invoked.v1');
  const listen = (message: { content: Buffer } | null) => {
    if (message) heard.push(JSON.parse(message.content.toString()) as (typeof heard)[number]);
  };
  await channel.consume(queue, listen, { noAck: true });
});
afterAll(() => broker.close());

const invoke = (toolId: string, given: Json, key = demoKey): Promise<Answer> =>
  call('POST', `/v1/mcp/tools/${toolId}/invoke`, { key, body: { arguments: given } });

/** Within 5 s, as the platform promises for what happens after an answer. */
async function soon<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('it did not come within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('tools', () => {
  it('are listed by server', async () => {
    const servers = (await call('GET', '/v1/mcp/servers', { key: demoKey })).json()['data'];
    expect(servers).toEqual([
      expect.objectContaining({ id: 'everything', status: 'running' }),
      expect.objectContaining({ id: 'files', status: 'running' }),
    ]);
    const tools = (await call('GET', '/v1/mcp/servers/files/tools', { key: demoKey })).json()['data'];
    expect(tools).toContainEqual(expect.objectContaining({ id: 'files.read_text_file', name: 'read_text_file' }));
    expect((await call('GET', '/v1/mcp/servers/none/tools', { key: demoKey })).json()).toMatchObject({
      status: 404,
      code: 'mcp_server.not_found',
    });
  });

  it('are called, and answer as they do', async () => {
    const echo = await invoke('everything.echo', { message: 'hello' });
    expect(echo.status).toBe(200);
    expect(echo.json()).toMatchObject({ content: [{ type: 'text', text: 'Echo: hello' }], is_error: false });

    const folders = JSON.stringify((await invoke('files.list_allowed_directories', {})).json());
    const [folder] = /\/[^"\\]+/.exec(folders) ?? [];
    const read = await invoke('files.read_text_file', { path: `${folder}/welcome.txt` });
    expect(read.json()).toMatchObject({ content: [{ text: expect.stringContaining('this folder') }], is_error: false });
    const forbidden = await invoke('files.read_text_file', { path: '/etc/passwd' });
    expect([forbidden.status, forbidden.json()['is_error']]).toEqual([200, true]);
    // What one tenant wrote, every other could read.
    const written = await invoke('files.write_file', { path: `${folder}/note.txt`, content: 'x' });
    expect([written.status, written.json()['code']]).toEqual([404, 'tool.not_found']);
  });

  it('are not called with arguments that do not fit, which are named', async () => {
    const answer = await invoke('everything.get-sum', { a: 1, b: 'two' });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request.invalid', errors: [{ path: 'arguments.b' }] });
  });

  it.each(['everything.none', 'none.echo', 'none'])('that are not there are 404: %s', async (id) => {
    const answer = await invoke(id, {});
    expect([answer.status, answer.json()['code']]).toEqual([404, 'tool.not_found']);
  });

  it('are closed to a key without the permission, and one is open to a key that has it for that one alone', async () => {
    const reader = await newKey({ permissions: ['tools:read'] });
    const one = await newKey({ permissions: ['tools:invoke:everything.echo'] });

    expect((await invoke('everything.echo', { message: 'x' }, reader.key)).status).toBe(403);
    expect((await invoke('everything.echo', { message: 'x' }, one.key)).status).toBe(200);
    expect((await invoke('everything.get-sum', { a: 1, b: 2 }, one.key)).status).toBe(403);
    expect((await call('GET', '/v1/mcp/servers', { key: one.key })).status).toBe(403);
  });
});

it('a call is in the audit when it is answered, and soon with every subscriber', async () => {
  const { id: apiKeyId, key } = await newKey({ permissions: ['tools:invoke'] });
  const { invocation_id: id } = (await invoke('everything.echo', { message: 'hello' }, key)).json();

  const audit = databaseOf(process.env, 'mcp-hub');
  expect(await query<Json>(audit, 'select * from tool_invocations where id = $1', [id])).toEqual([
    expect.objectContaining({ api_key_id: apiKeyId, tool_id: 'everything.echo', outcome: 'succeeded' }),
  ]);

  const event = await soon(() => heard.flatMap(({ data }) => data.invocations).find((one) => one['id'] === id));
  expect(event).toMatchObject({
    api_key_id: apiKeyId,
    server_id: 'everything',
    outcome: 'succeeded',
    error_code: null,
  });
});
