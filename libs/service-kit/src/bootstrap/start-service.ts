import { addKitRoutes } from '../http/kit-routes.js';
import { createLog } from '../log/create-log.js';
import { RequestLog } from '../log/request-log.js';
import { standardOutput } from '../log/standard-output.js';
import { describeApi } from '../openapi/describe-api.js';
import { createApp } from './create-app.js';
import { createKit } from './kit.js';
import { RunningService } from './running-service.js';
import type { Service, ServiceOptions } from './service-options.js';

/** Starts the service in this process and leaves signals and exit codes to the caller; `bootstrap` adds those. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const service = await prepareService(options);
  try {
    await options.beforeListen?.(service);
    await service.listen();
    await options.afterListen?.(service);
    service.nowServing();
    return service;
  } catch (error) {
    await service.app.close();
    throw error;
  }
}

/** All of it but the listening: requests can be answered through `handle` or `fastify.inject`. */
export async function prepareService(options: ServiceOptions): Promise<RunningService> {
  const { service, config, logDestination = standardOutput() } = options;
  const info = { service, version: config.SERVICE_VERSION, instance: config.PARLEY_INSTANCE_ID };
  const logOptions = { level: config.LOG_LEVEL, base: { ...info }, destination: logDestination };
  const kit = createKit({ info, log: createLog(logOptions) });
  const app = await createApp(options, kit, new RequestLog(kit.log, logOptions));
  try {
    const running = new RunningService(app, kit, config);
    await options.onApplication?.(app);
    await app.init();
    addKitRoutes(running.fastify, { ...kit, describe: () => describeApi(options) });
    await running.fastify.ready();
    return running;
  } catch (error) {
    await app.close();
    throw error;
  }
}
