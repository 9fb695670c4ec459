import { build } from './build.ts';
import { credentialsOf } from './credentials.ts';
import { StackFailure } from './failure.ts';
import { homeFrom } from './home.ts';
import { newOfflineModel } from './offline-model.ts';
import { freePortPlan, portPlanFrom, type PortPlan } from './port-plan.ts';
import { claimHome, releaseHome } from './processes/owner.ts';
import type { UnitState } from './processes/unit.ts';
import { provision, type DatabaseUrls } from './provision.ts';
import { seconds, silent, type Report } from './report.ts';
import { Secrets } from './secrets.ts';
import { startServers, type Servers } from './servers/index.ts';
import type { Surroundings } from './services/environment.ts';
import { Fleet, type Instance } from './services/fleet.ts';
import { givenProviders, offlineProviders } from './services/providers.ts';
import { services } from './services/table.ts';

export interface PlatformOptions {
  /** Default: PARLEY_HOME, else `.parley` in the checkout. */
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
  /** Starts or drains instances until there are `count`; resolves when they are ready. */
  scale(service: string, count: number): Promise<void>;
  /** Stops and starts the instances of a service, one after the other. */
  restart(service: string): Promise<void>;
  /** Ends everything that was started, services before servers. */
  stop(): Promise<void>;
}

/** Builds and starts the platform; when a part cannot start, those that did are stopped and the reason is thrown. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const environment = { ...process.env, ...options.env };
  const home = options.home ?? homeFrom(environment);
  const report = options.report ?? silent;
  const leftovers = await claimHome(home);
  if (leftovers.length > 0)
    report({ part: 'Clean-up', kind: 'ready', note: `ended ${leftovers.join(', ')} of an earlier run` });
  const started: Stoppable[] = [{ stop: async () => releaseHome(home) }];
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopAll(started));
  try {
    const plan = options.ports === 'usual' ? portPlanFrom(environment) : await freePortPlan();
    if (options.build !== false)
      await build(
        home,
        services.map(({ name }) => name),
        report,
      );
    return await startParts({ home, plan, environment, report }, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Stoppable {
  stop(): Promise<void>;
}

/** What was started last ends first. */
async function stopAll(parts: readonly Stoppable[]): Promise<void> {
  for (const part of parts.toReversed()) await part.stop();
}

interface Setting {
  readonly home: string;
  readonly plan: PortPlan;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly report: Report;
}

async function startParts(setting: Setting, started: Stoppable[], stop: () => Promise<void>): Promise<Platform> {
  const { home, plan, environment, report } = setting;
  const secrets = new Secrets(home);
  const given = givenProviders(environment);
  const servers = await startServers({
    home,
    ports: plan.servers,
    prefix: 'PARLEY_',
    allowNoConsul: true,
    environment,
    report,
  });
  started.push(servers);
  const { postgres, redis, rabbitmq, consul } = servers;
  if (!postgres || !redis || !rabbitmq) throw new Error('all servers but Consul are there once they have started');
  const offline = newOfflineModel(setting);
  started.push(offline);
  const [databases] = await Promise.all([
    provisionAll(postgres.url, secrets, report),
    given === undefined ? offline.start() : undefined,
  ]);
  const credentials = credentialsOf(secrets);
  const surroundings: Surroundings = {
    inherited: environment,
    addresses: { redis: redis.url, rabbitmq: rabbitmq.url, ...(consul && { consul: consul.url }) },
    databases,
    credentials,
    providers: given ?? offlineProviders(offline.url),
    services: plan.services,
  };
  const fleet = new Fleet({ home, plan, surroundings, report });
  started.push(fleet);
  await fleet.start();
  const url = `http://127.0.0.1:${plan.edge}`;
  return {
    url,
    apiKey: credentials.apiKey,
    adminEmail: credentials.email,
    adminPassword: credentials.password,
    ...(given === undefined && { offlineModel: offline }),
    env: {
      PARLEY_URL: url,
      PARLEY_API_KEY: credentials.apiKey,
      PARLEY_ADMIN_EMAIL: credentials.email,
      PARLEY_ADMIN_PASSWORD: credentials.password,
      ...servers.env,
    },
    servers,
    get instances() {
      return fleet.instances;
    },
    service: (name, number = 1) => instanceOf(fleet, name, number),
    scale: (service, count) => fleet.scale(service, count),
    restart: (service) => fleet.restart(service),
    stop,
  };
}

async function provisionAll(adminUrl: string, secrets: Secrets, report: Report) {
  const since = Date.now();
  const urls: Record<string, DatabaseUrls> = {};
  // One after the other: PostgreSQL refuses two that change the same catalogue row at once.
  for (const { name } of services) urls[name] = await provision(adminUrl, name, secrets);
  report({ part: 'Databases', kind: 'ready', note: seconds(Date.now() - since) });
  return urls;
}

function instanceOf(fleet: Fleet, service: string, number: number): Instance {
  const instance = fleet.of(service)[number - 1];
  if (instance) return instance;
  throw new StackFailure(`There is no instance ${number} of ${service}: \`scale\` makes one.`);
}
