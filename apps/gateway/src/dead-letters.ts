import { deadLettersCommand } from '@parley/messaging';
import { loadConfig } from '@parley/service-kit';
import { service } from './app.module.js';
import { config } from './config.js';

process.exitCode = await deadLettersCommand({ service, config: loadConfig(config) }, process.argv.slice(2));
