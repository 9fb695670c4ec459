import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import type { ServiceConfig } from '../config/service.config.js';
import type { ErrorDialectPrefix } from '../errors/error-dialect.js';
import type { Shutdown } from '../shutdown/shutdown.js';

export interface ServiceOptions {
  /** For example `auth`; in every log line and in active_connections. */
  readonly service: string;
  /** What it is for, in a sentence; heads its part of the API reference. */
  readonly description?: string;
  readonly module: Type | DynamicModule;
  readonly config: ServiceConfig;
  /** Dialects of paths below which not every request reaches a controller; default none. */
  readonly errorDialects?: readonly ErrorDialectPrefix[];
  /** Once the modules are built and before they are initialised: the place to connect microservices. */
  readonly onApplication?: (app: NestFastifyApplication) => Promise<void> | void;
  /** Once requests could be answered and before the service listens: the place for a further server (HttpServers.add). */
  readonly beforeListen?: (service: Service) => Promise<void> | void;
  /** Once the service listens and before it says that it is ready. */
  readonly afterListen?: (service: Service) => Promise<void> | void;
  /** Where log lines go; default standard output. */
  readonly logDestination?: DestinationStream;
}

/** A running service. */
export interface Service {
  readonly app: NestFastifyApplication;
  readonly fastify: FastifyInstance;
  /** Answers a request that another server of this process has received. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Where it listens, for example `http://127.0.0.1:4001`; empty before that. */
  readonly url: string;
  readonly shutdown: Shutdown;
  /** Drains and closes; resolves when all is closed. */
  stop(): Promise<void>;
}
