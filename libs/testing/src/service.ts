import { testAuth } from './auth.js';
import { callsTo, type Calls } from './calls.js';
import { serviceServers, type ServiceServers } from './service-servers.js';

/** What `startService` of @parley/service-kit answers, as far as a test needs it. */
export interface StartedService {
  readonly url: string;
  stop(): Promise<void>;
}

export interface TestServiceOptions {
  /** Starts the service in this process with these variables; the database is empty, so that it migrates by itself. */
  readonly start: (env: Readonly<Record<string, string>>) => Promise<StartedService>;
  /** Further variables, or others in place of those of `serviceServers`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Addresses of the services that it calls, by name; `auth` is played. */
  readonly neighbours?: Readonly<Record<string, string>>;
}

/** A whole service on servers of its own; only the auth service is played. */
export interface TestService extends Pick<ServiceServers, 'database' | 'redis' | 'amqp'> {
  readonly url: string;
  readonly call: Calls;
  /** A token that it takes, for a minute: `token({ tenant_id, permissions: ['usage:read'] })`. */
  token(claims?: Readonly<Record<string, unknown>>): string;
  /** Stops it, then drops what was made for it. */
  stop(): Promise<void>;
}

export async function testService({ start, env, neighbours = {} }: TestServiceOptions): Promise<TestService> {
  const [servers, auth] = await Promise.all([serviceServers(), testAuth()]);
  const close = async (): Promise<void> => {
    await Promise.all([servers.close(), auth.close()]);
  };
  const addresses = Object.entries({ auth: auth.url, ...neighbours }).map(([name, url]) => `${name}=${url}`);
  try {
    const started = await start({ ...servers.env, PARLEY_ADDRESSES: addresses.join(','), ...env });
    const { database, redis, amqp } = servers;
    return {
      ...{ database, redis, amqp },
      url: started.url,
      call: callsTo(started.url),
      token: (claims) => auth.token(claims),
      stop: async () => {
        await started.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
