import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../control/client.ts';
import { StackFailure } from '../failure.ts';
import { workspace } from '../home.ts';

/** `run <service> <command>`: what a service has beside its main file, with the environment that the stack gives it. */
export async function run(home: string, service: string, name: string, args: readonly string[]): Promise<void> {
  const cwd = join(workspace, 'apps', service);
  const env = (await ask(home, { kind: 'environment', service })) as Record<string, string>;
  const file = join('dist', `${name}.js`);
  if (!existsSync(join(cwd, file))) throw new StackFailure(`${service} has no command "${name}".`);
  const child = spawn(process.execPath, [file, ...args], { cwd, env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
