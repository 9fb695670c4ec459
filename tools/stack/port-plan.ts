import { StackFailure } from './failure.ts';
import { freePort, freeServerPorts, serverPorts, type ServerPorts } from './ports.ts';

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
/** First instances; the ports of further ones are free ones. */
const servicePorts = { gateway: 4000, auth: 4001, analytics: 4005 };
const offlineModelPort = 4009;

/** How far from PARLEY_PORT_BASE each port lies: servers at +0, services and the offline model at +10. */
const serversOffset = 0;
const servicesOffset = 10;

/** The usual ports; PARLEY_PORT moves the edge, PARLEY_PORT_BASE all others (into the 20 from there on). */
export function portPlanFrom(env: NodeJS.ProcessEnv): PortPlan {
  const edge = portFrom(env, 'PARLEY_PORT') ?? edgePort;
  const base = portFrom(env, 'PARLEY_PORT_BASE');
  if (base === undefined) return { edge, servers: serverPorts, services: servicePorts, offlineModel: offlineModelPort };
  const moved = (port: number) => base + servicesOffset + (port - servicePorts.gateway);
  const names = Object.keys(serverPorts);
  return {
    edge,
    servers: Object.fromEntries(names.map((name, index) => [name, base + serversOffset + index])) as ServerPorts,
    services: Object.fromEntries(Object.entries(servicePorts).map(([name, port]) => [name, moved(port)])),
    offlineModel: moved(offlineModelPort),
  };
}

/** Ports that nobody uses, for stacks that tests start beside each other. */
export async function freePortPlan(): Promise<PortPlan> {
  const services = await Promise.all(Object.keys(servicePorts).map(async (name) => [name, await freePort()] as const));
  return {
    edge: await freePort(),
    servers: await freeServerPorts(),
    services: Object.fromEntries(services),
    offlineModel: await freePort(),
  };
}

function portFrom(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_500) return port;
  throw new StackFailure(`${name} must be a port between 1 and 65500, not "${text}".`);
}
