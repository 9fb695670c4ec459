import type { ServiceConfig } from '@parley/service-kit';
import type { ServiceClientConfig } from './config.js';

/** What the module was configured with, for injection. */
export class ServiceClientOptions {
  readonly timeoutMs: number;
  /** To one instance. */
  readonly connections: number;
  /** Addresses and networks (CIDR) whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];

  constructor(config: ServiceClientConfig & Partial<Pick<ServiceConfig, 'PARLEY_TRUSTED_PROXIES'>>) {
    this.timeoutMs = config.SERVICE_TIMEOUT_MS;
    this.connections = config.SERVICE_CONNECTIONS;
    this.trustedProxies = config.PARLEY_TRUSTED_PROXIES ?? [];
  }
}
