import { CircuitBreakers } from '../circuit-breakers/circuit-breakers.js';
import { systemClock, type Clock } from '../clock.js';
import { HealthRegistry } from '../health/health-registry.js';
import { HttpServers } from '../http/http-servers.js';
import { silentLog } from '../log/create-log.js';
import type { Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import type { ServiceInfo } from '../service-info.js';
import { Shutdown } from '../shutdown/shutdown.js';

/** One of each thing that the whole process shares. */
export interface Kit {
  readonly info: ServiceInfo;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly shutdown: Shutdown;
  readonly servers: HttpServers;
  readonly breakers: CircuitBreakers;
}

export type KitOptions = Partial<Pick<Kit, 'info' | 'clock' | 'log'>>;

const testInfo: ServiceInfo = { service: 'test', version: '0.0.0', instance: 'test' };

/** Defaults: a service named `test`, the system's clock, silence. */
export function createKit({ info = testInfo, clock = systemClock, log = silentLog }: KitOptions = {}): Kit {
  const metrics = new Metrics();
  const shutdown = new Shutdown(clock, log);
  const health = new HealthRegistry(clock, log);
  const servers = new HttpServers(info, metrics, shutdown);
  return { info, clock, log, metrics, health, shutdown, servers, breakers: new CircuitBreakers() };
}
