import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { ask } from '../control/client.ts';
import { workspace } from '../home.ts';
import { nodeCommand } from '../services/instance.ts';
import { logLine } from '../terminal/log-line.ts';

/** `serve <service>` (and `nx serve`): runs one service here, in the place of the running stack's own, until Ctrl-C. */
export async function serve(home: string, service: string): Promise<void> {
  const env = (await ask(home, { kind: 'lend', service })) as Record<string, string>;
  console.log(`  ${service} runs here, in the place of the stack's own. Ctrl-C gives it back.\n`);
  const child = spawn(nodeCommand.command, nodeCommand.args, {
    cwd: join(workspace, 'apps', service),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => console.log(logLine(service, line)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'));
  await once(child, 'exit');
  await ask(home, { kind: 'take-back', service });
}
