import { untilServed } from './answers.ts';
import { build } from './build.ts';
import { StackFailure } from './failure.ts';
import { freePortPlan, portPlanFrom } from './port-plan.ts';
import { claimHome, releaseHome } from './processes/owner.ts';
import type { UnitState } from './processes/unit.ts';
import { silent, type Report } from './report.ts';
import { startServers, type Servers } from './servers/index.ts';
import { removeTemporaryHome, temporaryHome } from './servers/temporary-home.ts';
import type { Fleet, Instance } from './services/fleet.ts';
import { services } from './services/table.ts';
import { startServices, type Setting, type Stoppable } from './start-services.ts';

export interface PlatformOptions {
  /** Default: a temporary one, gone with `stop`. */
  readonly home?: string;
  /** `usual`: 8000 and so on, as PARLEY_PORT and PARLEY_PORT_BASE say. Default: free ones. */
  readonly ports?: 'usual' | 'free';
  /** Added to the environment of this process for what the stack reads and what the services inherit. */
  readonly env?: Readonly<Record<string, string>>;
  /** False where the services are known to be built. Default true. */
  readonly build?: boolean;
  readonly report?: Report;
}

/** A whole platform that runs: `npm start`, the end-to-end tests and the bench all hold one of these. */
export interface Platform {
  /** Where clients come in. */
  readonly url: string;
  readonly apiKey: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** What answers where no model provider is configured; undefined where one is. */
  readonly offlineModel?: { readonly url: string; readonly state: UnitState };
  /** `PARLEY_URL`, `PARLEY_API_KEY` and the others that `npm run stack -- env` prints. */
  readonly env: Readonly<Record<string, string>>;
  readonly servers: Servers;
  readonly instances: readonly Instance[];
  /** The first instance of a service, or the one of that number. */
  service(name: string, number?: number): Instance;
  /** Starts or drains instances until there are `count`; resolves when callers are served. */
  scale(service: string, count: number): Promise<void>;
  /** Stops and starts the instances of a service, one after the other; resolves when callers are served. */
  restart(service: string): Promise<void>;
  /** Ends everything that was started, services before servers. */
  stop(): Promise<void>;
}

/** Builds and starts the platform; when a part cannot start, those that did are stopped and the reason is thrown. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const home = options.home ?? (await temporaryHome());
  const report = options.report ?? silent;
  const environment = { ...process.env, ...options.env };
  const ended = await claimHome(home);
  if (ended.length > 0)
    report({ part: 'Clean-up', kind: 'ready', note: `ended ${ended.join(', ')} of an earlier run` });
  const giveBack = options.home === undefined ? removeTemporaryHome : releaseHome;
  const started: Stoppable[] = [{ stop: async () => giveBack(home) }];
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopAll(started));
  try {
    const plan = options.ports === 'usual' ? portPlanFrom(environment) : await freePortPlan();
    const setting = { home, plan, environment, report };
    const servers = await startServersAndBuild(setting, options.build !== false, started);
    const { fleet, credentials, offlineModel } = await startServices(setting, servers, started);
    const url = `http://127.0.0.1:${plan.edge}`;
    const { apiKey, email: adminEmail, password: adminPassword } = credentials;
    await untilServed(url, apiKey);
    return {
      url,
      apiKey,
      adminEmail,
      adminPassword,
      ...(offlineModel && { offlineModel }),
      env: {
        PARLEY_URL: url,
        PARLEY_API_KEY: apiKey,
        PARLEY_ADMIN_EMAIL: adminEmail,
        PARLEY_ADMIN_PASSWORD: adminPassword,
        ...servers.env,
      },
      servers,
      get instances() {
        return fleet.instances;
      },
      service: (name, number = 1) => instanceOf(fleet, name, number),
      scale: async (service, count) => {
        await fleet.scale(service, count);
        await untilServedByEvery(fleet, service, apiKey);
      },
      restart: async (service) => {
        await fleet.restart(service);
        await untilServedByEvery(fleet, service, apiKey);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Both at once: the servers wait more than they work. */
async function startServersAndBuild(setting: Setting, wanted: boolean, started: Stoppable[]): Promise<Servers> {
  const { home, plan, environment, report } = setting;
  const names = services.map(({ name }) => name);
  const options = { home, ports: plan.servers, prefix: 'PARLEY_', allowNoConsul: true, environment, report };
  report({ part: 'Servers', kind: 'working', note: 'starting PostgreSQL, Redis, RabbitMQ and Consul …' });
  const [building, serving] = await Promise.allSettled([wanted && build(home, names, report), startServers(options)]);
  if (serving.status === 'rejected') throw serving.reason;
  started.push(serving.value);
  if (building.status === 'rejected') throw building.reason;
  return serving.value;
}

/** What was started last ends first. */
async function stopAll(parts: readonly Stoppable[]): Promise<void> {
  for (const part of parts.toReversed()) await part.stop();
}

/** Waits until clients of each gateway that runs are served by a service, unless none of its instances runs. */
async function untilServedByEvery(fleet: Fleet, service: string, apiKey: string): Promise<void> {
  const isReady = ({ state }: Instance) => state === 'ready';
  if (!fleet.of(service).some(isReady)) return;
  const gateways = fleet.of('gateway').filter(isReady);
  const edges = gateways.flatMap(({ edgeUrl }) => edgeUrl ?? []);
  await Promise.all(edges.map((url) => untilServed(url, apiKey, service)));
}

function instanceOf(fleet: Fleet, service: string, number: number): Instance {
  const instance = fleet.of(service)[number - 1];
  if (instance) return instance;
  throw new StackFailure(`There is no instance ${number} of ${service}: \`scale\` makes one.`);
}
