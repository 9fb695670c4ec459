import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../../../tools/stack/report.ts';

const name = 'mcp-hub';
const version = '4.2.1';

/**
 * The hub that npm has under this name, in a folder of its own so that the workspace's lockfile knows nothing of it.
 * Installed on the first run; answers its program.
 */
export async function installPeer(folder: string, report: Report): Promise<string> {
  const home = join(folder, `${name}-${version}`);
  const program = join(home, 'node_modules', name, 'dist/cli.js');
  if (existsSync(program)) return program;
  report({ part: 'npm mcp-hub', kind: 'working', note: `installing ${name} ${version} (once) …` });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: home });
  return program;
}
