import { freeServerPorts, type ServerPorts } from '../ports.ts';
import { claimHome, releaseHome } from '../processes/owner.ts';
import { Unit } from '../processes/unit.ts';
import { silent, type Report } from '../report.ts';
import { Secrets } from '../secrets.ts';
import { consul, probeConsul } from './consul.ts';
import { ConsulUnavailable } from './consul-download.ts';
import { givenServer } from './given.ts';
import { postgres, probePostgres } from './postgres.ts';
import { probeRabbitmq, rabbitmq } from './rabbitmq.ts';
import { probeRedis, redis } from './redis.ts';
import type { OwnServer, Server, ServerContext } from './server.ts';
import { removeTemporaryHome, temporaryHome } from './temporary-home.ts';

const kinds = {
  postgres: { variable: 'DATABASE_URL', own: postgres, probe: probePostgres },
  redis: { variable: 'REDIS_URL', own: redis, probe: probeRedis },
  rabbitmq: { variable: 'AMQP_URL', own: rabbitmq, probe: probeRabbitmq },
  consul: { variable: 'CONSUL_URL', own: consul, probe: probeConsul },
} satisfies Record<
  string,
  { variable: string; own: (context: ServerContext) => OwnServer; probe: (url: string) => Promise<void> }
>;

export type ServerName = keyof typeof kinds;
export const serverNames = Object.keys(kinds) as ServerName[];

export interface ServersOptions {
  /** Folder for data, logs and secrets. Default: a temporary one, gone with `stop`. */
  readonly home?: string;
  /** Default: free ones. */
  readonly ports?: ServerPorts;
  /** Default: all four. */
  readonly wanted?: readonly ServerName[];
  /** Of the variables that give addresses and that `env` names them by. Default `PARLEY_TEST_`. */
  readonly prefix?: string;
  /** Where the addresses are looked up. Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Without Consul the start fails, unless this is true. Default: what PARLEY_ALLOW_NO_CONSUL=1 says. */
  readonly allowNoConsul?: boolean;
  readonly report?: Report;
}

export interface Servers extends Readonly<Partial<Record<ServerName, Server>>> {
  readonly addresses: Readonly<Partial<Record<ServerName, string>>>;
  /** `<prefix>DATABASE_URL` (the cluster's administrator), `…REDIS_URL`, `…AMQP_URL`, `…CONSUL_URL`, `…RABBITMQCTL`. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops what was started here. */
  stop(): Promise<void>;
}

/**
 * Starts the servers that the platform needs, each from the address that `<prefix>…_URL` gives, else on a port and in
 * a folder of its own. Resolves when all can be used; when one cannot be, those that were started are stopped.
 */
export async function startServers(options: ServersOptions = {}): Promise<Servers> {
  const home = options.home ?? (await temporaryHome());
  await claimHome(home);
  const ports = options.ports ?? (await freeServerPorts());
  const context = { home, ports, secrets: new Secrets(home), report: options.report ?? silent };
  const parts = (options.wanted ?? serverNames).map((name) => ({ name, ...choose(name, options, context) }));

  async function stop(): Promise<void> {
    await Promise.all(parts.filter(({ server }) => server.own).map(({ server }) => server.stop()));
    if (options.home === undefined) removeTemporaryHome(home);
    else releaseHome(home);
  }

  const allowNoConsul = options.allowNoConsul ?? process.env['PARLEY_ALLOW_NO_CONSUL'] === '1';
  const started = await Promise.allSettled(
    parts.map(({ server }) => startOrForgo(server, allowNoConsul, context.report)),
  );
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const usable = parts.filter((_, index) => (started[index] as PromiseFulfilledResult<boolean>).value);
  return {
    ...Object.fromEntries(usable.map(({ name, server }) => [name, server])),
    addresses: Object.fromEntries(usable.map(({ name, server }) => [name, server.url])),
    env: Object.fromEntries(usable.flatMap(({ env }) => Object.entries(env))),
    stop,
  };
}

/** False when the server is Consul, cannot be had, and may be missing. */
async function startOrForgo(server: Server, allowNoConsul: boolean, report: Report): Promise<boolean> {
  try {
    await server.start();
    return true;
  } catch (error) {
    if (!(allowNoConsul && error instanceof ConsulUnavailable)) throw error;
    const note = `${error.message}. The services find each other by configured addresses.`;
    report({ part: 'Consul', kind: 'trouble', note });
    return false;
  }
}

function choose(name: ServerName, options: ServersOptions, context: ServerContext) {
  const { prefix = 'PARLEY_TEST_', environment = process.env } = options;
  const { variable, own, probe } = kinds[name];
  const mine: OwnServer = own(context);
  const given = environment[prefix + variable];
  // An address that was exported from this very stack is our own server, stopped at the moment.
  if (given !== undefined && given !== '' && given !== mine.url) {
    const server = givenServer({ name, title: mine.unit.title, url: given, variable: prefix + variable, probe });
    return { server, env: { [prefix + variable]: given } as Record<string, string> };
  }
  const extras = Object.entries(mine.extras ?? {}).map(([key, value]) => [prefix + key, value] as const);
  return { server: ownServer(context, mine), env: { [prefix + variable]: mine.url, ...Object.fromEntries(extras) } };
}

function ownServer(context: ServerContext, { url, unit }: OwnServer): Server {
  const running = new Unit(context.home, unit, context.report);
  return {
    name: unit.name,
    url,
    own: true,
    get state() {
      return running.state;
    },
    get pid() {
      return running.pid;
    },
    start: () => running.start(),
    stop: () => running.stop(),
    kill9: () => running.kill9(),
  };
}
