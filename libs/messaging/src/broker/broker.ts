import { Injectable } from '@nestjs/common';
import { HealthRegistry, Log, ServiceInfo, Shutdown } from '@parley/service-kit';
import { MessagingOptions } from '../messaging.options.js';
import { BrokerConnection } from './broker-connection.js';

/**
 * The service's connections to the broker, opened when first asked for: one to publish and one to consume, since the
 * broker holds back a connection that publishes too much, and acknowledgements must not wait with it.
 */
@Injectable()
export class Broker {
  readonly instance: string;
  private readonly connections = new Map<string, BrokerConnection>();

  constructor(
    private readonly options: MessagingOptions,
    info: ServiceInfo,
    private readonly log: Log,
    health: HealthRegistry,
    shutdown: Shutdown,
  ) {
    this.instance = info.instance;
    health.register({ name: 'rabbitmq', check: () => this.check() });
    shutdown.register('connections', () => this.close());
  }

  connection(purpose: 'publish' | 'consume'): BrokerConnection {
    const known = this.connections.get(purpose);
    if (known !== undefined) return known;
    const name = `parley-${this.options.service} ${purpose} ${this.instance}`;
    const connection = new BrokerConnection(this.options.config, name, this.log);
    this.connections.set(purpose, connection);
    return connection;
  }

  private async check(): Promise<void> {
    for (const { problem: code } of this.connections.values())
      if (code !== undefined) throw Object.assign(new Error('The broker is unavailable'), { code });
  }

  private async close(): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection.close()));
  }
}
