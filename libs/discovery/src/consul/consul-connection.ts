import type { Clock } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import { ConsulAgent } from './consul-agent.js';
import { ConsulSource } from './consul-source.js';
import { Outage } from './outage.js';
import { Registrar } from './registrar.js';

export interface ConsulOptions {
  readonly url: string;
  /** The name to register under. */
  readonly service: string;
  /** The host under which others reach this instance. */
  readonly advertiseHost: string;
}

/** What this process does with its Consul agent: ask, follow and stay registered. Nothing is sent before it is used. */
export class ConsulConnection {
  readonly agent: ConsulAgent;
  readonly source: ConsulSource;
  readonly registrar: Registrar;

  constructor(
    readonly options: ConsulOptions,
    clock: Clock,
    log: Log,
  ) {
    const outage = new Outage(log);
    this.agent = new ConsulAgent(options.url);
    this.source = new ConsulSource(this.agent, outage, clock);
    this.registrar = new Registrar(this.agent, outage, clock, log);
  }
}
