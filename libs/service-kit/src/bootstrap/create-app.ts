import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CircuitBreakersModule } from '../circuit-breakers/circuit-breakers.controller.js';
import { ErrorAnswers } from '../errors/error-answers.js';
import { ErrorDialects } from '../errors/error-dialects.js';
import { ErrorFilter } from '../errors/error.filter.js';
import { AllowedMethods } from '../http/allowed-methods.js';
import { createAdapter } from '../http/create-adapter.js';
import { SchemaPipe } from '../http/schema.pipe.js';
import { NestLog } from '../log/nest-log.js';
import type { RequestLog } from '../log/request-log.js';
import { RequestMetrics } from '../metrics/request-metrics.js';
import { KitModule } from './kit.module.js';
import type { Kit } from './kit.js';
import type { ServiceOptions } from './service-options.js';

/** The Nest application of a service, built but not initialised. */
export async function createApp(
  { module, config, errorDialects = [] }: ServiceOptions,
  kit: Kit,
  requestLog: RequestLog,
): Promise<NestFastifyApplication> {
  const methods = new AllowedMethods();
  const answers = new ErrorAnswers(new ErrorDialects(errorDialects), methods);
  const requestMetrics = new RequestMetrics(kit.metrics);
  const adapter = createAdapter({ config, methods, answers, log: kit.log, requestLog, requestMetrics });
  const imports = [KitModule.of(kit), CircuitBreakersModule, module];
  const app = await NestFactory.create<NestFastifyApplication>({ imports }, adapter, {
    logger: new NestLog(kit.log),
    bodyParser: false,
    abortOnError: false,
    routeConflictPolicy: { duplicate: 'error', shadow: 'error' },
  });
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ErrorFilter(answers));
  return app;
}
