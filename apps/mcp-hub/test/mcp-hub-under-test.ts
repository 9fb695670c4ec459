import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { eventually, severable, testService, type Severable, type TestService } from '@parley/testing';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';

type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Json;
}

/** The real service on real PostgreSQL, Redis and RabbitMQ; only the auth service is played. */
export interface RunningHub {
  readonly url: string;
  readonly database: TestService['database'];
  /** Stands between the hub and its database. */
  readonly toDatabase: Severable;
  /** The data of every `mcp-hub.tool.invoked.v1` so far, by tenant. */
  readonly events: { readonly tenantid: string; readonly data: { readonly invocations: readonly Json[] } }[];
  ask(method: string, path: string, claims: Json, body?: unknown, signal?: AbortSignal): Promise<Answer>;
  invoke(toolId: string, given: Json, claims: Json, signal?: AbortSignal): Promise<Answer>;
  /** The audit of a tenant, oldest first, as an administrator of the database sees it. */
  audit(tenantId: string): Promise<Json[]>;
  stop(): Promise<void>;
}

export async function startHub(mcpServers: Readonly<Record<string, object>>): Promise<RunningHub> {
  let toDatabase: Severable | undefined;
  const running = await testService({
    start: async (env) => {
      toDatabase = await severable(env['DATABASE_SYSTEM_URL'] ?? '');
      const config = parseConfig(schema, {
        ...env,
        PARLEY_DRAIN_TIMEOUT_MS: '1000',
        DATABASE_SYSTEM_URL: toDatabase.url,
        PATH: process.env['PATH'],
        MCP_SERVERS: JSON.stringify({ mcpServers }),
      });
      return startService({ service, module: AppModule.forRoot(config), config, onApplication: connectEvents });
    },
  });
  if (!toDatabase) throw new Error('the hub was not started');
  const line = toDatabase;
  const { database, amqp } = running;
  const events: RunningHub['events'] = [];
  const broker = await connect(amqp.url);
  const channel = await broker.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'parley.events', 'mcp-hub.#');
  const hear = (message: { content: Buffer } | null) => {
    if (message) events.push(JSON.parse(message.content.toString()) as RunningHub['events'][number]);
  };
  await channel.consume(queue, hear, { noAck: true });
  const admin = new Client({ connectionString: database.systemUrl });
  await admin.connect();
  const ask: RunningHub['ask'] = async (method, path, claims, body, signal = null as never) => {
    const response = await fetch(running.url + path, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${running.token(claims)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: JSON.parse(text) as Json,
    };
  };
  await eventually(
    async () => {
      const { body } = await ask('GET', '/v1/mcp/servers', { permissions: ['tools:read'] });
      const waiting = (body['data'] as Json[]).filter(({ status }) => status !== 'running');
      if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
    },
    { timeoutMs: 30_000 },
  );
  return {
    url: running.url,
    database,
    toDatabase: line,
    events,
    ask,
    invoke: (toolId, given, claims, signal) =>
      ask('POST', `/v1/mcp/tools/${encodeURIComponent(toolId)}/invoke`, claims, { arguments: given }, signal),
    audit: async (tenantId) =>
      (await admin.query<Json>('select * from tool_invocations where tenant_id = $1 order by id', [tenantId])).rows,
    stop: async () => {
      await broker.close();
      await admin.end();
      await running.stop();
      await line.close();
    },
  };
}
