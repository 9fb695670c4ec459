import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { explain, StackFailure } from '../failure.ts';
import type { Report } from '../report.ts';
import { aptGet } from './apt.ts';
import { findProgram } from './programs.ts';
import { run } from './run.ts';

/** Consul cannot be had on this machine; the platform can do without it, its tests cannot. */
export class ConsulUnavailable extends StackFailure {}

/** The last Debian release that carries Consul (1.8.7, one static program). */
const release = 'bullseye';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Programs that we fetched once, for all homes of this user. */
const cacheFolder = (env = process.env): string => join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parley');

/** Consul from an earlier download; undefined when there was none. */
export const cachedConsul = (): string | undefined => findProgram([join(cacheFolder(), 'consul')]);

/**
 * Fetches Consul from Debian's archive with an apt configuration of its own, so that the system's lists and packages
 * stay as they are; needs no root.
 * @throws ConsulUnavailable where it is to be had no more.
 */
export async function downloadConsul(report: Report): Promise<string> {
  report({ part: 'Consul', kind: 'working', note: 'fetching the program from Debian’s archive (once) …' });
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder(), 'download-'));
  try {
    return await fetchInto(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fetchInto(folder: string): Promise<string> {
  const mirror = await debianMirror();
  for (const path of ['sources', 'lists/partial', 'cache/archives/partial', 'unpacked']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  writeFileSync(join(folder, 'sources/consul.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  const options = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${folder}/sources`,
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    // The account that apt fetches under may not enter this folder.
    'APT::Sandbox::User=root',
    // Otherwise an update that reaches nobody counts as one that worked.
    'APT::Update::Error-Mode=any',
  ].flatMap((option) => ['-o', option]);
  await step('apt-get', [...options, 'update'], folder);
  await step('apt-get', [...options, 'download', 'consul'], folder);
  const packageFile = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
  await step('dpkg', ['-x', packageFile, 'unpacked'], folder);
  const program = join(cacheFolder(), 'consul');
  renameSync(join(folder, 'unpacked/usr/bin/consul'), program);
  return program;
}

async function step(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { ok, output } = await run(command, args, { cwd, env: { LC_ALL: 'C' } });
  if (!ok) throw unavailable(explain(output) ?? output.trim().split('\n').at(-1));
}

/** The mirror that this machine's own packages come from. */
async function debianMirror(): Promise<string> {
  if (!findProgram(['apt-get']) || !existsSync(keyring)) throw unavailable('this machine has no Debian archive');
  const listing = async () => (await run('apt-get', ['indextargets', '--format', '$(RELEASE) $(REPO_URI)'])).output;
  let lists = await listing();
  if (lists.trim() === '') {
    await aptGet(['update']);
    lists = await listing();
  }
  const mirror = lists
    .split('\n')
    .find((line) => /^[a-z]+ /.test(line))
    ?.split(' ')[1];
  if (mirror === undefined) throw unavailable('apt knows no archive');
  return mirror;
}

const unavailable = (why: string | undefined) =>
  new ConsulUnavailable(`Consul cannot be had: ${why ?? 'no reason was given'}`);
