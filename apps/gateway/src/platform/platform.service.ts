import { Injectable } from '@nestjs/common';
import type { PlatformHealth } from '@parley/contracts';
import { LocalCache } from '@parley/cache';
import { Directory } from '@parley/discovery';
import { ServiceClient } from '@parley/service-client';
import { summarise, type ServiceReport } from './platform-health.js';
import { healthOf, services } from './services.js';

/** Anyone may ask, so the answer is made at most once a second. */
const ttlMs = 1_000;
/** Longer than a service's own probes may take. */
const timeoutMs = 5_000;

@Injectable()
export class PlatformService {
  private readonly cache = new LocalCache<PlatformHealth>({ name: 'platform_health', maxEntries: 1, ttlMs });

  constructor(
    private readonly directory: Directory,
    private readonly client: ServiceClient,
  ) {}

  health(): Promise<PlatformHealth> {
    return this.cache.getOrLoad('all', async () =>
      summarise(await Promise.all(services.map((name) => this.report(name)))),
    );
  }

  private async report(service: (typeof services)[number]): Promise<ServiceReport> {
    const health = await this.client.call(healthOf(service), { timeoutMs }).catch(() => undefined);
    return { service, instances: this.directory.instances(service).length, health };
  }
}
