import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, StackFailure } from './failure.ts';
import { logFile, workspace } from './home.ts';
import { seconds, type Report } from './report.ts';
import { run } from './servers/run.ts';

/** Builds the services and what they import; what has not changed comes from Nx's cache. */
export async function build(home: string, services: readonly string[], report: Report): Promise<void> {
  const since = Date.now();
  report({ part: 'Build', kind: 'working', note: 'building the services …' });
  const args = ['run-many', '-t', 'build', '-p', services.join(','), '--output-style=static'];
  // No daemon: it would outlive us. No terminal interface: our own screen is enough.
  const env = { NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
  const { ok, output } = await run(join(workspace, 'node_modules/.bin/nx'), args, { cwd: workspace, env });
  const log = logFile(home, 'build');
  writeFileSync(log, output, { mode: 0o600 });
  if (!ok) throw new StackFailure(`The build failed. ${explain(output) ?? firstErrors(output)} All of it: ${log}`);
  report({ part: 'Build', kind: 'ready', note: seconds(Date.now() - since) });
}

/** The lines that most likely say why. */
const firstErrors = (output: string): string =>
  output
    .split('\n')
    .filter((line) => /error|✖|×/i.test(line))
    .slice(0, 5)
    .join('\n');
