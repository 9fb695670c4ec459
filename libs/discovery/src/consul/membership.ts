import type { Server } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthRegistry, ServiceInfo, Shutdown } from '@parley/service-kit';
import { ConsulConnection } from './consul-connection.js';

/** Ties the Consul connection to the life of the process: in once the server listens, out before it drains. */
@Injectable()
export class Membership implements OnModuleInit {
  constructor(
    private readonly consul: ConsulConnection,
    private readonly http: HttpAdapterHost,
    private readonly info: ServiceInfo,
    private readonly health: HealthRegistry,
    private readonly shutdown: Shutdown,
  ) {}

  onModuleInit(): void {
    const { agent, source, registrar } = this.consul;
    this.health.register({ name: 'consul', check: () => agent.check() });
    this.shutdown.register('announce', () => registrar.stop());
    this.shutdown.register('connections', () => source.close());
    this.http.listen$.subscribe(() => this.join());
  }

  private join(): void {
    const { service, advertiseHost } = this.consul.options;
    const server = this.http.httpAdapter.getHttpServer() as Server;
    const address = server.address();
    // A Unix socket has no port for others to call.
    if (address === null || typeof address === 'string') return;
    const id = `${service}-${this.info.instance}`;
    const { version } = this.info;
    this.consul.registrar.start({ id, service, host: advertiseHost, port: address.port, version });
  }
}
