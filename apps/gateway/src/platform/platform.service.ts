import { Injectable } from '@nestjs/common';
import type { InstanceHealth, PlatformHealth, ServiceName } from '@parley/contracts';
import { LocalCache } from '@parley/cache';
import { Directory } from '@parley/discovery';
import { ServiceClient } from '@parley/service-client';
import { Clock, Log } from '@parley/service-kit';
import { summarise, type ServiceReport } from './platform-health.js';
import { healthOf, services } from './services.js';

/** Anyone may ask, so the answer is made at most once a second. */
const ttlMs = 1_000;
/** Longer than a service's own probes may take. */
const timeoutMs = 5_000;

@Injectable()
export class PlatformService {
  private readonly cache: LocalCache<PlatformHealth>;

  /** So that the log says once that a service has gone, however often people ask. */
  private readonly silent = new Set<ServiceName>();

  constructor(
    private readonly directory: Directory,
    private readonly client: ServiceClient,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.cache = new LocalCache({ name: 'platform_health', maxEntries: 1, ttlMs, clock });
  }

  health(): Promise<PlatformHealth> {
    return this.cache.getOrLoad('all', async () =>
      summarise(await Promise.all(services.map((name) => this.report(name)))),
    );
  }

  private async report(service: ServiceName): Promise<ServiceReport> {
    const health = await this.ask(service);
    return { service, instances: this.directory.instances(service).length, health };
  }

  private async ask(service: ServiceName): Promise<InstanceHealth | undefined> {
    try {
      const health = await this.client.call(healthOf(service), { timeoutMs });
      if (this.silent.delete(service)) this.log.info({ service }, 'a service tells its health again');
      return health;
    } catch (error) {
      if (!this.silent.has(service)) this.log.warn({ err: error, service }, 'a service does not tell its health');
      this.silent.add(service);
      return undefined;
    }
  }
}
