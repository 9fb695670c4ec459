import { StackFailure } from './failure.ts';
import { freePort, freeServerPorts, serverPorts, type ServerPorts } from './ports.ts';
import { services, type ServiceSpec } from './services/table.ts';

/** Every port of one stack. */
export interface PortPlan {
  /** Where clients come in. Further gateways take the ones after it. */
  readonly edge: number;
  readonly servers: ServerPorts;
  /** First instance of a service, by its name. */
  readonly services: Readonly<Record<string, number>>;
  readonly offlineModel: number;
}

const edgePort = 8000;
const offlineModelPort = 4009;

/** With PARLEY_PORT_BASE the servers lie from +0 on, and what usually is at 4000 and above from +10 on. */
const moved = (base: number, port: number) => base + 10 + (port - 4000);

/** The usual ports; PARLEY_PORT moves the edge, PARLEY_PORT_BASE all others (into the 20 from there on). */
export function portPlanFrom(env: NodeJS.ProcessEnv): PortPlan {
  const edge = portFrom(env, 'PARLEY_PORT') ?? edgePort;
  const base = portFrom(env, 'PARLEY_PORT_BASE');
  if (base === undefined) {
    return { edge, servers: serverPorts, services: portsOf(({ port }) => port), offlineModel: offlineModelPort };
  }
  const servers = Object.keys(serverPorts).map((name, index) => [name, base + index]);
  return {
    edge,
    servers: Object.fromEntries(servers) as ServerPorts,
    services: portsOf(({ port }) => moved(base, port)),
    offlineModel: moved(base, offlineModelPort),
  };
}

/** Ports that nobody uses, for stacks that tests start beside each other. */
export async function freePortPlan(): Promise<PortPlan> {
  const [edge, offlineModel] = [await freePort(), await freePort()];
  const own = new Map(await Promise.all(services.map(async ({ name }) => [name, await freePort()] as const)));
  return { edge, servers: await freeServerPorts(), services: Object.fromEntries(own), offlineModel };
}

const portsOf = (portOf: (spec: ServiceSpec) => number) =>
  Object.fromEntries(services.map((spec) => [spec.name, portOf(spec)]));

function portFrom(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_500) return port;
  throw new StackFailure(`${name} must be a port between 1 and 65500, not "${text}".`);
}
