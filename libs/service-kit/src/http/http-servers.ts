import type { Server } from 'node:http';
import type { Metrics } from '../metrics/metrics.js';
import type { ServiceInfo } from '../service-info.js';
import type { Shutdown } from '../shutdown/shutdown.js';
import { DrainableServer } from './drainable-server.js';

/** The HTTP servers of this process: counted in active_connections, and drained on shutdown. */
export class HttpServers {
  private readonly servers: DrainableServer[] = [];

  constructor({ service }: ServiceInfo, metrics: Metrics, shutdown: Shutdown) {
    shutdown.register('announce', () => this.servers.forEach((server) => server.askToLeave()));
    shutdown.register('intake', async (signal) => {
      await Promise.all(this.servers.map((server) => server.close(signal)));
    });
    metrics.gauge({
      name: 'active_connections',
      help: 'Open connections of clients',
      labels: ['service'],
      collect: async (gauge) => gauge.with({ service }).set(await this.count()),
    });
  }

  /** To be called before it listens. The service's own server is in already. */
  add(server: Server): void {
    this.servers.push(new DrainableServer(server));
  }

  private async count(): Promise<number> {
    const counts = await Promise.all(this.servers.map((server) => server.connections()));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
