import type { Server } from 'node:http';
import type { Metrics } from '../metrics/metrics.js';
import type { ServiceInfo } from '../service-info.js';
import type { Shutdown } from '../shutdown/shutdown.js';

/** How often a closing server looks for connections that have become idle. */
const idleCheckMs = 25;

/** The HTTP servers of this process: counted in active_connections, and drained on shutdown. */
export class HttpServers {
  private readonly servers = new Set<Server>();

  constructor({ service }: ServiceInfo, metrics: Metrics, shutdown: Shutdown) {
    shutdown.register('announce', () => this.servers.forEach(askToLeave));
    shutdown.register('intake', (signal) => this.close(signal));
    metrics.gauge({
      name: 'active_connections',
      help: 'Open connections of clients',
      labels: ['service'],
      collect: async (gauge) => gauge.with({ service }).set(await this.count()),
    });
  }

  /** To be called before it listens. The service's own server is in already. */
  add(server: Server): void {
    this.servers.add(server);
  }

  private async count(): Promise<number> {
    const counts = await Promise.all([...this.servers].map(connectionsOf));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  private async close(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.servers].map((server) => closed(server, signal)));
  }
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));

/** From now on every answer closes its connection, so that clients open their next one elsewhere. */
function askToLeave(server: Server): void {
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
}

/** Takes no more connections, and waits for the requests in flight; those that remain when `signal` aborts are cut off. */
function closed(server: Server, signal: AbortSignal): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    const cutOff = () => server.closeAllConnections();
    signal.addEventListener('abort', cutOff, { once: true });
    server.close(() => {
      clearInterval(idle);
      signal.removeEventListener('abort', cutOff);
      resolve();
    });
  });
}
