import { StackFailure } from '../failure.ts';
import type { PortPlan } from '../port-plan.ts';
import { freePort, isFree } from '../ports.ts';
import { Unit, type UnitState } from '../processes/unit.ts';
import type { Report } from '../report.ts';
import { environmentOf, type Surroundings } from './environment.ts';
import { instanceUnit } from './instance.ts';
import { services, type ServiceSpec } from './table.ts';

/** One running copy of a service. */
export interface Instance {
  readonly service: string;
  readonly name: string;
  readonly url: string;
  /** Where clients come in; gateways alone have one. */
  readonly edgeUrl?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly state: UnitState;
  readonly pid: number | undefined;
  readonly crashes: number;
  /** On the same port as before. */
  start(): Promise<void>;
  /** Drains it; it stays down until `start`. */
  stop(): Promise<void>;
  /** SIGKILL; it stays down until `start`. */
  kill9(): Promise<void>;
}

export interface FleetOptions {
  readonly home: string;
  readonly plan: PortPlan;
  readonly surroundings: Surroundings;
  readonly report: Report;
}

/** The instances of every service. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #instances = new Map<string, Instance[]>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  get instances(): readonly Instance[] {
    return [...this.#instances.values()].flat();
  }

  /** Instances of a service, first one first. */
  of(service: string): readonly Instance[] {
    return this.#instances.get(specOf(service).name) ?? [];
  }

  /** Starts one instance of each service. */
  async start(): Promise<void> {
    await Promise.all(services.map(({ name }) => this.scale(name, 1)));
  }

  /** Starts or drains instances until there are `count`. */
  async scale(service: string, count: number): Promise<void> {
    const spec = specOf(service);
    const instances = this.#instances.get(spec.name) ?? [];
    this.#instances.set(spec.name, instances);
    while (instances.length < count) {
      const instance = await this.#create(spec, instances.length + 1);
      instances.push(instance);
      await instance.start();
    }
    await Promise.all(instances.splice(count).map((instance) => instance.stop()));
  }

  /** One instance after the other, so that the rest serve meanwhile. */
  async restart(service: string): Promise<void> {
    for (const instance of this.of(service)) {
      await instance.stop();
      await instance.start();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.stop()));
  }

  async #create(spec: ServiceSpec, number: number): Promise<Instance> {
    const { home, plan, surroundings, report } = this.#options;
    const port = number === 1 ? (plan.services[spec.name] ?? (await freePort())) : await freePort();
    const edgePort = spec.needs.includes('edge') ? await freeEdgePort(plan.edge + number - 1, number === 1) : undefined;
    const env = environmentOf(spec, surroundings, port, edgePort);
    const name = number === 1 ? spec.name : `${spec.name}-${number}`;
    const unit = new Unit(home, instanceUnit({ service: spec.name, name, port, edgePort, env }), report);
    return {
      service: spec.name,
      name,
      env,
      url: `http://127.0.0.1:${port}`,
      ...(edgePort === undefined ? {} : { edgeUrl: `http://127.0.0.1:${edgePort}` }),
      get state() {
        return unit.state;
      },
      get pid() {
        return unit.pid;
      },
      get crashes() {
        return unit.crashes;
      },
      start: () => unit.start(),
      stop: () => unit.stop(),
      kill9: () => unit.kill9(),
    };
  }
}

/** @throws StackFailure that names the services there are. */
export function specOf(service: string): ServiceSpec {
  const spec = services.find(({ name }) => name === service);
  if (spec) return spec;
  throw new StackFailure(`There is no service "${service}"; there are ${services.map(({ name }) => name).join(', ')}.`);
}

/** The first gateway must have its port; a further one takes the next that is free. */
async function freeEdgePort(wanted: number, must: boolean): Promise<number> {
  let port = wanted;
  while (!must && !(await isFree(port))) port += 1;
  return port;
}
