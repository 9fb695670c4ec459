import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../../tools/stack/report.ts';

/** Peers and logs are kept here between runs. */
const cache = join(homedir(), '.cache/parley/bench');

export const logFile = (name: string): string => join(cache, 'logs', `${name}.log`);

/** Something like ours that npm has, pinned. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** Its start script, in its package. */
  readonly program: string;
}

/**
 * In a folder of its own, so that the workspace's lockfile knows nothing of it. Installed on the first run; answers the
 * path of its program.
 */
export async function installPeer({ name, version, program }: Peer, report: Report): Promise<string> {
  const home = join(cache, 'peers', `${name}@${version}`);
  const script = join(home, 'node_modules', name, program);
  if (existsSync(script)) return script;
  report({ part: name, kind: 'working', note: `installing ${name} ${version} (once) …` });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: home });
  return script;
}
