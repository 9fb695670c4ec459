import { join } from 'node:path';
import type { Credentials } from '../credentials.ts';
import { workspace } from '../home.ts';
import type { DatabaseUrls } from '../provision.ts';
import type { Need, ServiceSpec } from './table.ts';

/** What all services of one stack are told. */
export interface Surroundings {
  /** Of the person or test that started the stack. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly addresses: { readonly redis: string; readonly rabbitmq: string; readonly consul?: string };
  readonly databases: Readonly<Record<string, DatabaseUrls>>;
  readonly credentials: Credentials;
  /** Keys and addresses of the model providers, by variable. */
  readonly providers: Readonly<Record<string, string>>;
  /** What tells mcp-hub of its servers, by variable. */
  readonly mcpServers: Readonly<Record<string, string>>;
  /** First instances by service, for where there is no Consul. */
  readonly services: Readonly<Record<string, number>>;
}

/** Calls per minute that the demo key may make, so that a load test with it measures the platform and not its limit. */
const demoRequestsPerMinute = 1_000_000;

/** Environment of one instance of a service, and of nothing else: no instance sees another's secrets. */
export function environmentOf(spec: ServiceSpec, around: Surroundings, port: number, edgePort?: number) {
  const discovery: Record<string, string> = around.addresses.consul
    ? { CONSUL_URL: around.addresses.consul }
    : { PARLEY_ADDRESSES: staticAddresses(around.services) };
  return {
    ...inheritable(around),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    // What stands before a service here is the edge, which says for whom it asks; the edge itself believes nobody.
    ...(spec.needs.includes('edge') ? {} : { PARLEY_TRUSTED_PROXIES: '127.0.0.1' }),
    ...discovery,
    ...Object.assign({}, ...spec.needs.map((need) => variables[need](spec, around, edgePort))),
  } as Record<string, string>;
}

type Variables = (spec: ServiceSpec, around: Surroundings, edgePort?: number) => Record<string, string>;

const variables: Record<Need, Variables> = {
  database: ({ name }, { databases }) => {
    const urls = databases[name];
    if (!urls) throw new Error(`${name} has no database`);
    return { DATABASE_URL: urls.app, DATABASE_SYSTEM_URL: urls.system, DATABASE_OWNER_URL: urls.owner };
  },
  redis: (_, { addresses }) => ({ REDIS_URL: addresses.redis }),
  rabbitmq: (_, { addresses }) => ({ AMQP_URL: addresses.rabbitmq }),
  providers: (_, { providers }) => ({ ...providers }),
  'mcp servers': (_, { mcpServers }) => ({ ...mcpServers }),
  edge: (_, __, edgePort) => ({
    ...(edgePort === undefined ? {} : { PARLEY_EDGE_PORT: String(edgePort) }),
    PARLEY_ROUTES_FILE: join(workspace, 'kong/kong.yml'),
  }),
  'first owner': (_, { credentials, inherited }) => ({
    // The product's default is `invite`; who tries the platform out wants a second tenant without asking anybody.
    PARLEY_REGISTRATION: inherited['PARLEY_REGISTRATION'] ?? 'open',
    PARLEY_BOOTSTRAP_EMAIL: credentials.email,
    PARLEY_BOOTSTRAP_PASSWORD: credentials.password,
    PARLEY_BOOTSTRAP_TENANT: 'Demo',
    PARLEY_BOOTSTRAP_API_KEY: credentials.apiKey,
    PARLEY_BOOTSTRAP_REQUESTS_PER_MINUTE: String(demoRequestsPerMinute),
    AUTH_ENCRYPTION_KEY: credentials.encryptionKey,
  }),
};

/** npm's own variables, what one service alone may know (provider keys, MCP servers) and another stack's Consul stay outside. */
const withheld = /^(npm_|ANTHROPIC_|OPENAI_|MCP_|CONSUL_|PARLEY_EDGE_PORT$|PARLEY_ADDRESSES$)/;

const inheritable = ({ inherited, providers }: Surroundings) =>
  Object.fromEntries(
    Object.entries(inherited).filter(
      ([name, value]) => value !== undefined && !withheld.test(name) && !Object.hasOwn(providers, name),
    ),
  );

const staticAddresses = (ports: Surroundings['services']): string =>
  Object.entries(ports)
    .map(([name, port]) => `${name}=http://127.0.0.1:${port}`)
    .join(',');
