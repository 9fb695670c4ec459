import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  noTokens,
  type Block,
  type Message,
  type OpenedTurn,
  type Session,
  type SessionMessage,
  type SessionWithMessages,
} from '@parley/contracts';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { callsTo, serviceServers, testAuth, type Answer, type Calls, type ServiceServers } from '@parley/testing';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';

type Body = Record<string, unknown>;

/** The servers of one test file, and instances of the real service on them; only auth is played. */
export interface Platform extends Pick<ServiceServers, 'database' | 'amqp' | 'redis'> {
  readonly redisUrl: string;
  /** Starts an instance; `at` lets it reach a server elsewhere. */
  start(env?: Readonly<Record<string, string>>): Promise<Instance>;
  token(claims: Body): string;
  /** As if the gateway had been silent for longer than the turn's lease. */
  expire(turnId: string): Promise<unknown>;
  stop(): Promise<void>;
}

export interface Instance {
  readonly url: string;
  /** Someone of the tenant, with both permissions unless `claims` say otherwise. */
  caller(tenantId?: string, claims?: Body): Caller;
  stop(): Promise<void>;
}

export async function newPlatform(): Promise<Platform> {
  const [servers, auth] = await Promise.all([serviceServers(), testAuth()]);
  const token = (claims: Body) => auth.token(claims);
  const started: { stop(): Promise<void> }[] = [];
  return {
    database: servers.database,
    amqp: servers.amqp,
    redis: servers.redis,
    redisUrl: servers.redis.url,
    token,
    expire: (turnId) =>
      servers.database.query(`update turns set lease_until = now() - interval '1 second' where id = '${turnId}'`),
    start: async (env = {}) => {
      const addresses = { PARLEY_ADDRESSES: `auth=${auth.url}` };
      const config = parseConfig(schema, { ...servers.env, ...addresses, SWEEP_INTERVAL_MS: '100', ...env });
      const module = AppModule.forRoot(config);
      const running = await startService({ service, module, config, onApplication: connectEvents });
      started.push(running);
      const calls = callsTo(running.url);
      return {
        url: running.url,
        caller: (tenantId = randomUUID(), claims = {}) =>
          new Caller(calls, tenantId, token({ tenant_id: tenantId, permissions: both, ...claims })),
        stop: async () => {
          started.splice(started.indexOf(running), 1);
          await running.stop();
        },
      };
    },
    stop: async () => {
      await Promise.all(started.map((running) => running.stop()));
      await Promise.all([servers.close(), auth.close()]);
    },
  };
}

const both = ['sessions:read', 'sessions:write'];

/** Asks the service as one tenant, in the words of the tests. */
export class Caller {
  constructor(
    private readonly calls: Calls,
    readonly tenantId: string,
    readonly token: string,
  ) {}

  call<T = Body>(method: string, path: string, body?: unknown, headers = {}): Promise<Answer<T>> {
    return this.calls<T>(method, path, { token: this.token, headers, ...(body !== undefined && { body }) });
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

  append(sessionId: string, words: string, role = 'user'): Promise<SessionMessage> {
    return this.ok<SessionMessage>('POST', `/v1/sessions/${sessionId}/messages`, { role, content: words });
  }

  async messages(sessionId: string): Promise<SessionMessage[]> {
    return (await this.ok<SessionWithMessages>('GET', `/v1/sessions/${sessionId}`)).messages;
  }

  /** What was said, in order. */
  async conversation(sessionId: string): Promise<Message[]> {
    return (await this.messages(sessionId)).map(({ role, content }) => ({ role, content }));
  }

  tryOpen(sessionId: string, input: readonly Message[], turnId: string = randomUUID(), more: Body = {}) {
    const body = { turn_id: turnId, request_id: 'request', input, ...more };
    return this.call<OpenedTurn>('POST', `/internal/sessions/${sessionId}/turns`, body);
  }

  async open(sessionId: string, input: readonly Message[], turnId: string = randomUUID()) {
    const answer = await this.tryOpen(sessionId, input, turnId);
    if (answer.status !== 200) throw new Error(`opening answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return { ...answer.body, turnId };
  }

  /** In a session of its own. */
  async openNew(input: readonly Message[] = [user('?')]) {
    const { id } = await this.newSession();
    return { id, ...(await this.open(id, input)) };
  }

  /** As the gateway speaks of a turn: without a token. */
  turn(
    turnId: string,
    step: 'checkpoint' | 'complete' | 'interrupt' | 'wait' | 'leave' | 'open' | 'summary',
    body: Body,
  ): Promise<Answer<Body>> {
    return this.calls('POST', `/internal/turns/${turnId}/${step}`, { body });
  }

  /** A whole turn: a question and its answer. */
  async ask(sessionId: string, input: readonly Message[], words = 'Far.'): Promise<string> {
    const { turnId, lease } = await this.open(sessionId, input);
    expect((await this.turn(turnId, 'complete', whole(lease, [text(words)]))).status).toBe(200);
    return turnId;
  }
}

export const text = (words: string): Block => ({ type: 'text', text: words });
export const user = (words: string): Message => ({ role: 'user', content: [text(words)] });
export const system = (words: string): Message => ({ role: 'system', content: [text(words)] });
export const assistant = (words: string): Message => ({ role: 'assistant', content: [text(words)] });

/** What a turn is checkpointed with, completed with, and interrupted with. */
export const part = (lease: string, content: readonly Block[]) => ({ lease, content, model: 'a-model-2026' });
export const whole = (lease: string, content: readonly Block[] = [text('Far.')]) => ({
  ...part(lease, content),
  stop: { reason: 'end' },
  tokens: { ...noTokens, input: 3, output: 2 },
  cost_usd: '0.0000125',
});
export const broken = (lease: string, content: readonly Block[] = [], reason = 'failed') => ({
  ...part(lease, content),
  reason,
});

/** An answer of this status and error code. */
export const problem = (status: number, code: string) => ({
  status,
  body: expect.objectContaining({ status, code }) as Body,
});
