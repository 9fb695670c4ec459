import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPlatform, type Platform } from '../../stack/platform.ts';
import { freePort } from '../../stack/ports.ts';
import { removeTemporaryHome, temporaryHome } from '../../stack/servers/temporary-home.ts';
import { command, root, start } from '../command.ts';
import type { Stage } from '../stage.ts';

/**
 * Each service's deployable folder stands alone: copied outside of the checkout, installed with `npm ci --omit=dev` and
 * started by the command of its Dockerfile, it becomes ready beside a running platform, and ends well on SIGTERM.
 */
export const deployables: Stage = {
  name: 'deployables',
  async run(log) {
    const apps = await readdir(join(root, 'apps'));
    const { code } = await command('nx', ['run-many', '-t', 'deployable', '--output-style=static'], { log });
    if (code !== 0) return { passed: 0, failed: apps.length };
    const outside = await mkdtemp(join(tmpdir(), 'parley-deployables-'));
    const home = await temporaryHome();
    const platform = await startPlatform({ home, build: false });
    const failed: string[] = [];
    try {
      for (const app of apps) {
        await standsAlone(app, join(outside, app), platform, log).catch((error: unknown) => {
          log(`${app}: ${String(error)}`);
          failed.push(app);
        });
      }
    } finally {
      await platform.stop();
      removeTemporaryHome(home);
      await rm(outside, { recursive: true, force: true });
    }
    return { passed: apps.length - failed.length, failed: failed.length };
  },
};

async function standsAlone(
  app: string,
  folder: string,
  platform: Platform,
  log: (text: string) => void,
): Promise<void> {
  await cp(join(root, 'dist/apps', app), folder, { recursive: true });
  const install = ['ci', '--omit=dev', '--prefer-offline', '--loglevel=error', '--no-audit', '--no-fund'];
  if ((await command('npm', install, { cwd: folder, log })).code !== 0) throw new Error('npm ci failed');
  await becomesReady(app, folder, platform, log);
}

const readyWithinMs = 30_000;

/** Runs the command of the Dockerfile with the environment that the platform's own instance has. */
async function becomesReady(app: string, cwd: string, platform: Platform, log: (text: string) => void): Promise<void> {
  const port = await freePort();
  const { PARLEY_EDGE_PORT: _, ...env } = platform.service(app).env;
  const [program = '', ...args] = dockerCommand(await readFile(join(root, 'apps', app, 'Dockerfile'), 'utf8'));
  const service = start(program, args, { cwd, env: { ...env, PORT: port.toString() }, log });
  let code: number | undefined;
  void service.ended.then((result) => (code = result.code));
  const deadline = Date.now() + readyWithinMs;
  while (!(await answersReady(port))) {
    if (code !== undefined) throw new Error(`it ended with ${code} before it was ready`);
    if (Date.now() > deadline) {
      service.stop('SIGKILL');
      throw new Error(`it was not ready within ${readyWithinMs / 1_000} s`);
    }
    await sleep(100);
  }
  service.stop('SIGTERM');
  const result = await service.ended;
  if (result.code !== 0) throw new Error(`it ended with ${result.code} on SIGTERM`);
}

/** The last CMD of a Dockerfile, in its exec form. */
function dockerCommand(dockerfile: string): string[] {
  const commands = [...dockerfile.matchAll(/^CMD (\[.*\])$/gm)];
  return JSON.parse(commands.at(-1)?.[1] ?? '[]') as string[];
}

const answersReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
