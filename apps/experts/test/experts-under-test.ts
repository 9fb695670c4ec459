import { randomUUID } from 'node:crypto';
import type { ExpertQuery } from '@parley/contracts';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { serviceServers, severable, testAuth, type Answer } from '@parley/testing';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';
import { playedGateway } from './played-gateway.js';

interface CallOptions {
  readonly tenant?: string;
  readonly permissions?: readonly string[];
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export type Problem = { readonly code: string; readonly detail?: string };
const allowed = ['experts:query', 'experts:read', 'completions:create', 'models:read'];

/** Three experts whose system prompts tell the played gateway who asks. */
export const experts = ['alpha', 'beta', 'gamma'].map((id) => ({
  id,
  name: id,
  description: `The ${id}.`,
  instructions: `You are ${id}.`,
}));

/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Played: auth and the gateway. */
export async function newSurroundings() {
  const [servers, auth, gateway] = await Promise.all([serviceServers(), testAuth(), playedGateway()]);
  const { database, amqp } = servers;
  const line = await severable(database.appUrl);
  const env = {
    ...servers.env,
    PARLEY_DRAIN_TIMEOUT_MS: '500',
    DATABASE_URL: line.url,
    PARLEY_ADDRESSES: `auth=${auth.url},gateway=${gateway.url}`,
    EXPERTS: JSON.stringify(experts),
    EXPERT_TIMEOUT_MS: '5000',
    EXPERTS_QUERY_LEASE_MS: '1500',
  };
  const close = async (): Promise<void> => {
    await line.close();
    await Promise.all([servers.close(), auth.close(), gateway.close()]);
  };
  return { database, amqp, auth, gateway, line, env, close };
}
export type Surroundings = Awaited<ReturnType<typeof newSurroundings>>;

export async function startExperts({ env, auth }: Surroundings, changes: Readonly<Record<string, string>> = {}) {
  const config = parseConfig(schema, { ...env, ...changes });
  const running = await startService({
    service,
    module: AppModule.forRoot(config),
    config,
    onApplication: connectEvents,
  });
  const tenant = randomUUID();
  const call = async <T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> => {
    const { body, permissions = allowed, signal } = options;
    const token = auth.token({ tenant_id: options.tenant ?? tenant, permissions });
    const response = await fetch(running.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  };
  return {
    /** Of callers that name no other. */
    tenant,
    url: running.url,
    call,
    ask: <T = ExpertQuery>(body: unknown, options: CallOptions = {}) =>
      call<T>('POST', '/v1/experts/queries', { ...options, body }),
    read: async (id: string, options: CallOptions = {}) =>
      (await call<ExpertQuery>('GET', `/v1/experts/queries/${id}`, options)).body,
    stop: () => running.stop(),
  };
}
export type RunningExperts = Awaited<ReturnType<typeof startExperts>>;
