import { expect } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mintApiKey } from '@parley/identity';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { callsTo, serviceServers, type Calls, type ServiceServers } from '@parley/testing';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';
import { CredentialRetention } from '../src/retention/credential-retention.js';

/** The real service on a free port, over real HTTP. */
export interface RunningAuth {
  readonly url: string;
  readonly call: Calls;
  /** Deletes what is not kept any longer, as it happens once an hour. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

export type Servers = ServiceServers;

export async function newServers(): Promise<Servers> {
  const servers = await serviceServers();
  return { ...servers, env: { ...servers.env, AUTH_ENCRYPTION_KEY: randomBytes(32).toString('base64') } };
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
  let retention: CredentialRetention | undefined;
  const running = await startService({
    service,
    module: AppModule.forRoot(config),
    config,
    onApplication: (app) => {
      retention = app.get(CredentialRetention, { strict: false });
      return connectEvents(app);
    },
    logDestination: { write: (line) => void logLines.push(line) },
  });
  if (retention === undefined) throw new Error('the service started without its retention');
  return {
    url: running.url,
    call: callsTo(running.url),
    sweep: retention.sweep.bind(retention),
    stop: () => running.stop(),
  };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

export const login = async (auth: RunningAuth, { email, password }: { email: string; password: string }) =>
  (await auth.call<Tokens>('POST', '/v1/auth/login', { body: { email, password } })).body;

/** One instance on servers of its own, and the owner of its one tenant, logged in. */
export interface AuthWithOwner extends RunningAuth {
  readonly servers: Servers;
  readonly owner: ReturnType<typeof newOwner>;
  readonly token: string;
}

/** With these variables besides; `stop` ends the servers too. */
export async function startWithOwner(env: Readonly<Record<string, string>> = {}): Promise<AuthWithOwner> {
  const owner = newOwner();
  const servers = await newServers();
  const auth = await startAuth({ ...servers.env, ...owner.env, ...env });
  const { access_token: token } = await login(auth, owner);
  const stop = async (): Promise<void> => {
    await auth.stop();
    await servers.close();
  };
  return { ...auth, servers, owner, token, stop };
}

/** The token that the edge gets for an API key. */
export const exchange = async (auth: RunningAuth, apiKey: string) =>
  (await auth.call<{ access_token: string }>('POST', '/internal/auth/exchange', { body: { api_key: apiKey } })).body
    .access_token;

/** An answer of this status and error code. */
export const problem = (status: number, code: string) => ({
  status,
  body: expect.objectContaining({ status, code }) as unknown,
});
