import { type DynamicModule, Module } from '@nestjs/common';
import { CircuitBreakers } from '../circuit-breakers/circuit-breakers.js';
import { Clock } from '../clock.js';
import { HealthRegistry } from '../health/health-registry.js';
import { HttpServers } from '../http/http-servers.js';
import { Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { ServiceInfo } from '../service-info.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { createKit, type Kit, type KitOptions } from './kit.js';

/** What every library module may inject: ServiceInfo, Clock, Log, Metrics, HealthRegistry, Shutdown, HttpServers, CircuitBreakers. */
@Module({})
export class KitModule {
  /** `bootstrap` does this for a service; the test of a library may do it by itself. */
  static forRoot(options?: KitOptions): DynamicModule {
    return KitModule.of(createKit(options));
  }

  static of({ info, clock, log, metrics, health, shutdown, servers, breakers }: Kit): DynamicModule {
    const providers = [
      { provide: ServiceInfo, useValue: info },
      { provide: Clock, useValue: clock },
      { provide: Log, useValue: log },
      { provide: Metrics, useValue: metrics },
      { provide: HealthRegistry, useValue: health },
      { provide: Shutdown, useValue: shutdown },
      { provide: HttpServers, useValue: servers },
      { provide: CircuitBreakers, useValue: breakers },
    ];
    return { module: KitModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
