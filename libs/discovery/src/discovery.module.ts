import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Clock, Log } from '@parley/service-kit';
import type { DiscoveryConfig } from './config.js';
import { ConsulConnection, type ConsulOptions } from './consul/consul-connection.js';
import { Membership } from './consul/membership.js';
import { Directory } from './directory.js';
import { LiveConfig } from './live-config.js';
import { LiveLogLevel } from './live-log-level.js';
import { StaticAddresses } from './static-addresses.js';

export interface DiscoveryOptions {
  /** The name that the instance is registered and configured under. */
  readonly service: string;
  readonly config: DiscoveryConfig;
}

/** Provides `Directory` and `LiveConfig`; with Consul it also keeps this instance registered while it listens. */
@Module({})
export class DiscoveryModule {
  static forRoot({ service, config }: DiscoveryOptions): DynamicModule {
    const key = `parley/config/${service}`;
    const { CONSUL_URL: url, PARLEY_ADVERTISE_HOST: advertiseHost } = config;
    const providers = url === undefined ? configured(config, key) : registered({ url, service, advertiseHost }, key);
    return {
      module: DiscoveryModule,
      global: true,
      providers: [...providers, LiveLogLevel],
      exports: [Directory, LiveConfig],
    };
  }
}

/** Without Consul: fixed addresses, and settings that never change. */
const configured = (config: DiscoveryConfig, key: string): Provider[] => [
  {
    provide: Directory,
    inject: [Clock],
    useFactory: (clock: Clock) => new Directory(new StaticAddresses(config.PARLEY_ADDRESSES), clock),
  },
  { provide: LiveConfig, inject: [Log], useFactory: (log: Log) => new LiveConfig(key, undefined, log) },
];

const registered = (options: ConsulOptions, key: string): Provider[] => [
  {
    provide: ConsulConnection,
    inject: [Clock, Log],
    useFactory: (clock: Clock, log: Log) => new ConsulConnection(options, clock, log),
  },
  {
    provide: Directory,
    inject: [ConsulConnection, Clock],
    useFactory: ({ source }: ConsulConnection, clock: Clock) => new Directory(source, clock),
  },
  {
    provide: LiveConfig,
    inject: [ConsulConnection, Log],
    useFactory: ({ source }: ConsulConnection, log: Log) => new LiveConfig(key, source, log),
  },
  Membership,
];
