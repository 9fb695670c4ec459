/** Runs jest over the paths and options given: `npm run -s jest -- libs/resilience`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    `${root}node_modules/jest/bin/jest.js`,
    `--config=${root}jest.config.mjs`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
process.exitCode = jest.status ?? 1;
