import { Module } from '@nestjs/common';
import { prepareService } from '../../src/bootstrap/start-service.js';
import { parseConfig, serviceConfig, startService, type ServiceOptions } from '../../src/index.js';
import { z } from 'zod';
import { PlainController, plainDialect, ThingsController } from './things.controller.js';

@Module({ controllers: [ThingsController, PlainController] })
class ThingsModule {}

/** A service without any server behind it, and what it logs. */
export function thingsOptions(env: Readonly<Record<string, string>> = {}) {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const options: ServiceOptions = {
    service: 'things',
    module: ThingsModule,
    config: parseConfig(z.object(serviceConfig), { PARLEY_DRAIN_ANNOUNCE_MS: '0', ...env }),
    errorDialects: [{ prefix: '/plain', dialect: plainDialect }],
    logDestination: { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
  };
  return { options, lines };
}

/** The service without a socket: requests are injected. */
export async function preparedThings(env?: Readonly<Record<string, string>>) {
  const { options, lines } = thingsOptions(env);
  const { fastify, app } = await prepareService(options);
  const requestLines = () => lines.filter((line) => line['msg'] === 'request');
  return { fastify, lines, requestLines, close: () => app.close(), [Symbol.asyncDispose]: () => app.close() };
}

/** The service on a free port. */
export async function startedThings(env?: Readonly<Record<string, string>>, more: Partial<ServiceOptions> = {}) {
  const { options, lines } = thingsOptions(env);
  return { service: await startService({ ...options, ...more }), lines };
}
