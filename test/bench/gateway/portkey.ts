import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../../../tools/stack/report.ts';

const name = '@portkey-ai/gateway';
const version = '1.15.2';

/**
 * Portkey's gateway as published on npm, in a folder of its own so that the workspace's lockfile knows nothing of it.
 * Installed on the first run; answers its start script.
 */
export async function installPortkey(folder: string, report: Report): Promise<string> {
  const home = join(folder, `portkey-${version}`);
  const script = join(home, 'node_modules', name, 'build/start-server.js');
  if (existsSync(script)) return script;
  report({ part: 'Portkey', kind: 'working', note: `installing ${name} ${version} (once) …` });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: home });
  return script;
}

/** What tells Portkey to ask our upstream in Anthropic's wire format. */
export const portkeyHeaders = (upstream: string): Record<string, string> => ({
  'x-portkey-provider': 'anthropic',
  'x-portkey-custom-host': `${upstream}/v1`,
  authorization: 'Bearer none',
});
