import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { noTokens, type Block, type Message, type OpenedTurn, type Session } from '@parley/contracts';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { testAmqp, testAuth, testDatabase, testRedis } from '@parley/testing';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';

type Body = Record<string, unknown>;

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** Real servers, with a database, a Redis database and a virtual host of this file alone; only auth is played. */
export interface Servers {
  readonly env: Readonly<Record<string, string>>;
  readonly database: Awaited<ReturnType<typeof testDatabase>>;
  readonly amqp: Awaited<ReturnType<typeof testAmqp>>;
  readonly auth: Awaited<ReturnType<typeof testAuth>>;
  close(): Promise<void>;
}

export async function newServers(): Promise<Servers> {
  const [database, redis, amqp, auth] = await Promise.all([testDatabase(), testRedis(), testAmqp(), testAuth()]);
  const env = {
    PORT: '0',
    LOG_LEVEL: 'silent',
    PARLEY_DRAIN_ANNOUNCE_MS: '0',
    DATABASE_URL: database.appUrl,
    DATABASE_SYSTEM_URL: database.systemUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    REDIS_URL: redis.url,
    AMQP_URL: amqp.url,
    PARLEY_ADDRESSES: `auth=${auth.url}`,
    SWEEP_INTERVAL_MS: '200',
  };
  const close = async (): Promise<void> => {
    await Promise.all([database.drop(), redis.close(), amqp.drop(), auth.close()]);
  };
  return { env, database, amqp, auth, close };
}

/** The real service on a free port, over real HTTP. */
export interface RunningSessions {
  /** A caller of a tenant, with both permissions unless `permissions` says otherwise. */
  caller(tenantId?: string, claims?: Body): Caller;
  stop(): Promise<void>;
}

export async function startSessions(servers: Servers, env: Readonly<Record<string, string>> = {}) {
  const config = parseConfig(schema, { ...servers.env, ...env });
  const module = AppModule.forRoot(config);
  const running = await startService({ service, module, config, onApplication: connectEvents });
  const caller = (tenantId = randomUUID(), claims: Body = {}): Caller => {
    const permissions = ['sessions:read', 'sessions:write'];
    const token = servers.auth.token({ tenant_id: tenantId, permissions, ...claims });
    return new Caller(running.url, tenantId, token);
  };
  return { caller, stop: () => running.stop() } satisfies RunningSessions;
}

/** Asks the service as one tenant, in the calls that the tests are written in. */
export class Caller {
  constructor(
    private readonly url: string,
    readonly tenantId: string,
    private readonly token: string,
  ) {}

  async call<T = Body>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  /** As `call`, for what is to succeed. */
  async ok<T = Body>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  newSession(request: Body = { model: 'a-model' }): Promise<Session> {
    return this.ok<Session>('POST', '/v1/sessions', request);
  }

  open(sessionId: string, input: readonly Message[], turnId: string = randomUUID()): Promise<OpenedTurn> {
    const body = { turn_id: turnId, request_id: 'request', input };
    return this.ok<OpenedTurn>('POST', `/internal/sessions/${sessionId}/turns`, body);
  }

  /** A whole turn: a question and its answer. */
  async turn(sessionId: string, input: readonly Message[], content: readonly Block[]): Promise<string> {
    const turnId = randomUUID();
    const { lease } = await this.open(sessionId, input, turnId);
    await this.ok('POST', `/internal/turns/${turnId}/complete`, { ...whole(lease), content });
    return turnId;
  }
}

export const text = (words: string): Block => ({ type: 'text', text: words });
export const user = (words: string): Message => ({ role: 'user', content: [text(words)] });
export const system = (words: string): Message => ({ role: 'system', content: [text(words)] });
export const assistant = (words: string): Message => ({ role: 'assistant', content: [text(words)] });

/** What completes a turn. */
export const whole = (lease: string, words = 'Far.') => ({
  lease,
  content: [text(words)],
  model: 'a-model-2026',
  stop: { reason: 'end' },
  tokens: { ...noTokens, input: 3, output: 2 },
});

/** An answer of this status and error code. */
export const problem = (status: number, code: string) => ({
  status,
  body: expect.objectContaining({ status, code }) as Body,
});
