import { loadConfig } from '@parley/service-kit';
import { config } from './config.js';
import { signingKeysCommand } from './tokens/signing-keys.command.js';

const print = (text: string) => void process.stdout.write(text);
process.exitCode = await signingKeysCommand(loadConfig(config), process.argv.slice(2), print);
