import { expect } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mintApiKey } from '@parley/identity';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { testAmqp, testDatabase, testRedis } from '@parley/testing';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';

type Body = Record<string, unknown>;

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The real service on a free port, over real HTTP. */
export interface RunningAuth {
  readonly url: string;
  call<T = Body>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Real servers, with a database, a Redis database and a virtual host of this file alone. */
export interface Servers {
  readonly env: Readonly<Record<string, string>>;
  readonly database: Awaited<ReturnType<typeof testDatabase>>;
  readonly amqp: Awaited<ReturnType<typeof testAmqp>>;
  close(): Promise<void>;
}

export async function newServers(): Promise<Servers> {
  const [database, redis, amqp] = await Promise.all([testDatabase(), testRedis(), testAmqp()]);
  const env = {
    PORT: '0',
    LOG_LEVEL: 'silent',
    PARLEY_DRAIN_ANNOUNCE_MS: '0',
    DATABASE_URL: database.appUrl,
    DATABASE_SYSTEM_URL: database.systemUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    REDIS_URL: redis.url,
    AMQP_URL: amqp.url,
    AUTH_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
  const close = async (): Promise<void> => {
    await Promise.all([database.drop(), redis.close(), amqp.drop()]);
  };
  return { env, database, amqp, close };
}

/** The variables that make a first tenant, and what they contain. */
export function newOwner(name = 'acme') {
  const owner = {
    email: `owner@${name}.example`,
    password: randomBytes(12).toString('base64url'),
    tenant: name,
    apiKey: mintApiKey(),
  };
  const env = {
    PARLEY_BOOTSTRAP_EMAIL: owner.email,
    PARLEY_BOOTSTRAP_PASSWORD: owner.password,
    PARLEY_BOOTSTRAP_TENANT: owner.tenant,
    PARLEY_BOOTSTRAP_API_KEY: owner.apiKey,
    PARLEY_BOOTSTRAP_REQUESTS_PER_MINUTE: '1000000',
  };
  return { ...owner, env };
}

/** With `logLines`, what the service logs is put there. */
export async function startAuth(env: Readonly<Record<string, string>>, logLines: string[] = []): Promise<RunningAuth> {
  const config = parseConfig(schema, env);
  const running = await startService({
    service,
    module: AppModule.forRoot(config),
    config,
    onApplication: connectEvents,
    logDestination: { write: (line) => void logLines.push(line) },
  });
  const call = async <T>(method: string, path: string, { token, body, headers }: CallOptions = {}) => {
    const response = await fetch(running.url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  };
  return { url: running.url, call, stop: () => running.stop() };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

export const login = async (auth: RunningAuth, { email, password }: { email: string; password: string }) =>
  (await auth.call<Tokens>('POST', '/v1/auth/login', { body: { email, password } })).body;

/** The token that the edge gets for an API key. */
export const exchange = async (auth: RunningAuth, apiKey: string) =>
  (await auth.call<{ access_token: string }>('POST', '/internal/auth/exchange', { body: { api_key: apiKey } })).body
    .access_token;

/** An answer of this status and error code. */
export const problem = (status: number, code: string) => ({
  status,
  body: expect.objectContaining({ status, code }) as Body,
});
