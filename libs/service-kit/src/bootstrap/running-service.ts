import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { ServiceConfig } from '../config/service.config.js';
import type { Shutdown } from '../shutdown/shutdown.js';
import { flushTracing } from '../tracing/running-sdk.js';
import type { Kit } from './kit.js';
import type { Service } from './service-options.js';

export class RunningService implements Service {
  readonly fastify: FastifyInstance;

  constructor(
    readonly app: NestFastifyApplication,
    private readonly kit: Kit,
    private readonly config: ServiceConfig,
  ) {
    this.fastify = app.getHttpAdapter().getInstance();
    kit.servers.add(this.fastify.server);
    kit.shutdown.register('connections', () => app.close());
    kit.shutdown.register('connections', flushTracing);
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.fastify.routing(request, response);
  };

  get shutdown(): Shutdown {
    return this.kit.shutdown;
  }

  get url(): string {
    const address = this.fastify.server.address() as AddressInfo | null;
    if (!address) return '';
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${host}:${address.port}`;
  }

  async listen(): Promise<void> {
    await this.app.listen(this.config.PORT, this.config.HOST);
    this.kit.metrics.collectProcess();
  }

  nowServing(): void {
    this.kit.health.phase = 'serving';
    this.kit.log.info({ url: this.url }, 'serving');
  }

  async stop(): Promise<void> {
    const { kit, config } = this;
    kit.health.phase = 'draining';
    kit.log.info('draining');
    await kit.shutdown.run({ announceMs: config.PARLEY_DRAIN_ANNOUNCE_MS, intakeMs: config.PARLEY_DRAIN_TIMEOUT_MS });
    kit.log.info('stopped');
  }
}
