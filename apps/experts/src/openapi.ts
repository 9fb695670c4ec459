import { describeApi, parseConfig } from '@parley/service-kit';
import { AppModule, description, service } from './app.module.js';
import { config } from './config.js';

/** Prints the API as OpenAPI, for openapi.json. Connects to nothing, so that any address does. */
const anywhere = parseConfig(config, {
  DATABASE_URL: 'postgres://localhost/parley_experts',
  DATABASE_SYSTEM_URL: 'postgres://localhost/parley_experts',
  REDIS_URL: 'redis://localhost',
  AMQP_URL: 'amqp://localhost',
});

const document = await describeApi({ service, description, module: AppModule.forRoot(anywhere) });
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
