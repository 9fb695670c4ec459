import { connectEvents } from '@parley/messaging';
import { bootstrap, loadConfig } from '@parley/service-kit';
import { AppModule, description, service } from './app.module.js';
import { config as schema } from './config.js';

const config = loadConfig(schema);
await bootstrap({ service, description, module: AppModule.forRoot(config), config, onApplication: connectEvents });
