import { aptGet } from '../../stack/servers/apt.ts';
import { command } from '../command.ts';
import type { Stage } from '../stage.ts';

const packages = ['luajit', 'lua-busted', 'lua-cjson', 'lua-luaossl'];

interface BustedReport {
  readonly successes: readonly unknown[];
  readonly failures: readonly Broken[];
  readonly errors: readonly Broken[];
  readonly pendings: readonly Broken[];
}

interface Broken {
  readonly name: string;
  readonly message?: string;
}

/** The specs of the Kong plugin, on LuaJIT as in Kong. */
export const kong: Stage = {
  name: 'kong plugin',
  async run(log) {
    await install(log);
    const quiet = { log: () => undefined };
    const { stdout } = await command('busted', ['--lua=/usr/bin/luajit', '--output=json', 'kong/spec'], quiet);
    const report = JSON.parse(stdout) as BustedReport;
    const broken = [...report.failures, ...report.errors, ...report.pendings];
    for (const { name, message = 'pending' } of broken) log(`${name}\n  ${message}`);
    return { passed: report.successes.length, failed: broken.length };
  },
};

/** From Debian's packages, where they are missing. */
async function install(log: (text: string) => void): Promise<void> {
  const { stdout } = await command('dpkg-query', ['--show', '--showformat=${Package}\n', ...packages], { log });
  const missing = packages.filter((name) => !stdout.split('\n').includes(name));
  if (missing.length === 0) return;
  await aptGet(['update']);
  const { ok, output } = await aptGet(['install', '-y', '--no-install-recommends', ...missing]);
  if (!ok) throw new Error(`Install ${missing.join(', ')}: ${output}`);
}
