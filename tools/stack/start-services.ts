import { credentialsOf, type Credentials } from './credentials.ts';
import { newOfflineModel, type OfflineModel } from './offline-model.ts';
import type { PortPlan } from './port-plan.ts';
import { provision, type DatabaseUrls } from './provision.ts';
import { seconds, type Report } from './report.ts';
import { Secrets } from './secrets.ts';
import type { Servers } from './servers/index.ts';
import type { Surroundings } from './services/environment.ts';
import { Fleet } from './services/fleet.ts';
import { mcpServers } from './services/mcp-servers.ts';
import { givenProviders, offlineProviders } from './services/providers.ts';
import { services } from './services/table.ts';

/** What one start goes by. */
export interface Setting {
  readonly home: string;
  readonly plan: PortPlan;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly report: Report;
}

export interface Stoppable {
  stop(): Promise<void>;
}

export interface Services {
  readonly fleet: Fleet;
  readonly credentials: Credentials;
  /** Undefined where a model provider is configured. */
  readonly offlineModel: OfflineModel | undefined;
}

/** Starts what runs on the servers: databases, offline model, services. Each part is in `started` before it starts. */
export async function startServices(setting: Setting, servers: Servers, started: Stoppable[]): Promise<Services> {
  const { home, plan, environment, report } = setting;
  const { postgres, redis, rabbitmq, consul } = servers;
  if (!postgres || !redis || !rabbitmq) throw new Error('all servers but Consul are there once they have started');
  const secrets = new Secrets(home);
  const given = givenProviders(environment);
  const offlineModel = given === undefined ? newOfflineModel(setting) : undefined;
  if (offlineModel) started.push(offlineModel);
  const [databases] = await Promise.all([provisionAll(postgres.url, secrets, report), offlineModel?.start()]);
  const credentials = credentialsOf(secrets);
  const surroundings: Surroundings = {
    inherited: environment,
    addresses: { redis: redis.url, rabbitmq: rabbitmq.url, ...(consul && { consul: consul.url }) },
    databases,
    credentials,
    providers: given ?? offlineProviders(`http://127.0.0.1:${plan.offlineModel}`),
    mcpServers: mcpServers(home, environment),
    services: plan.services,
  };
  const fleet = new Fleet({ home, plan, surroundings, report });
  started.push(fleet);
  report({ part: 'Services', kind: 'working', note: `starting ${services.map(({ name }) => name).join(', ')} …` });
  await fleet.start();
  return { fleet, credentials, offlineModel };
}

async function provisionAll(adminUrl: string, secrets: Secrets, report: Report) {
  const since = Date.now();
  const urls: Record<string, DatabaseUrls> = {};
  // One after the other: PostgreSQL refuses two that change the same catalogue row at once.
  for (const { name } of services) urls[name] = await provision(adminUrl, name, secrets);
  report({ part: 'Databases', kind: 'ready', note: seconds(Date.now() - since) });
  return urls;
}
