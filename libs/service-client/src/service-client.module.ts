import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { CircuitBreakers, type ServiceConfig, Shutdown } from '@parley/service-kit';
import { ServiceClient } from './call/service-client.js';
import { Attempts } from './call/attempts.js';
import type { ServiceClientConfig } from './config.js';
import { HttpJwksSource } from './http-jwks-source.js';
import { ServiceClientOptions } from './options.js';
import { ServiceProxy } from './proxy/service-proxy.js';
import { Tunnels } from './proxy/tunnels.js';
import { BreakerRules } from './targets/breaker-rules.js';
import { TargetMetrics } from './targets/target-metrics.js';
import { Targets } from './targets/targets.js';

export interface ServiceClientModuleOptions {
  readonly config: ServiceClientConfig & Partial<Pick<ServiceConfig, 'PARLEY_TRUSTED_PROXIES'>>;
}

/** Provides `ServiceClient`, `ServiceProxy` and `HttpJwksSource` everywhere. Wants DiscoveryModule. */
@Module({})
export class ServiceClientModule implements OnModuleInit {
  constructor(
    private readonly targets: Targets,
    private readonly tunnels: Tunnels,
    private readonly shutdown: Shutdown,
    private readonly breakers: CircuitBreakers,
  ) {}

  static forRoot({ config }: ServiceClientModuleOptions): DynamicModule {
    return {
      module: ServiceClientModule,
      global: true,
      providers: [
        { provide: ServiceClientOptions, useValue: new ServiceClientOptions(config) },
        BreakerRules,
        Targets,
        TargetMetrics,
        Attempts,
        ServiceClient,
        Tunnels,
        ServiceProxy,
        HttpJwksSource,
      ],
      exports: [ServiceClient, ServiceProxy, HttpJwksSource],
    };
  }

  onModuleInit(): void {
    this.breakers.register(() => [...this.targets].map(({ breaker }) => ({ breaker, namedByCaller: false })));
    // An upgraded connection has no request that ends: its client is to open another one elsewhere.
    this.shutdown.register('intake', () => this.tunnels.close());
    this.shutdown.register('connections', () => this.targets.close());
  }
}
