import { chmodSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const workspace = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The folder that holds all data, logs and secrets of one stack: PARLEY_HOME, default `.parley` in the checkout. */
export const homeFrom = (env: NodeJS.ProcessEnv): string => resolve(env['PARLEY_HOME'] ?? join(workspace, '.parley'));

/** Creates the home: passable for the account that PostgreSQL runs under, readable in full by its owner alone. */
export function openHome(home: string): void {
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o711);
  for (const folder of ['run', 'logs']) mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
}

/** A log starts a new file, keeping the previous one, when it has grown past this at a start. */
const maxLogBytes = 20 * 1024 * 1024;

/** Path of a part's log. */
export const logFile = (home: string, name: string): string => join(home, 'logs', `${name}.log`);

/** Moves a log that has grown large aside, as `<name>.log.1`. */
export function rotateLog(home: string, name: string): void {
  const file = logFile(home, name);
  if (existsSync(file) && statSync(file).size > maxLogBytes) renameSync(file, `${file}.1`);
}
