// Runs a TypeScript tool on the workspace's own Node 24: `node tools/run.mjs tools/test/main.ts …`.
// It must work on any Node ≥ 20 and before the first `npm ci`, so it is plain JavaScript without imports of packages.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules/.bin');
const stamp = join(root, 'node_modules/.parley-lock');

/** What npm says when it fails, and the sentence that helps. */
const installFailures = [
  [/ENOSPC/, 'The disk is full: free about 1.5 GB and run the command again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i,
    'The npm registry cannot be reached: check the network (or `npm config get registry`) and run the command again.',
  ],
  [/EACCES|EPERM/, `No permission to write ${join(root, 'node_modules')}: run as the user who owns the checkout.`],
  [/EUSAGE|in sync/, 'package.json and package-lock.json disagree: run `npm install` and commit both.'],
];

function fail(sentence) {
  console.error(`\n${sentence}`);
  process.exit(1);
}

/** True when node_modules holds what package-lock.json names, by npm's own record of what it installed. */
function isInstalled(lockText) {
  const recordFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(recordFile) || !existsSync(join(bin, 'node'))) return false;
  const wanted = JSON.parse(lockText).packages;
  const installed = JSON.parse(readFileSync(recordFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      !path.startsWith('node_modules/') || installed[path]?.version === version || (optional && !installed[path]),
  );
}

/** Runs to the end and answers the exit code, 128 + n when signal n ended it; signals to this process are passed on. */
function run(command, args, options) {
  const child = spawn(command, args, { cwd: root, ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends its signals to the child as well; a second copy would read as "stop at once".
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return {
    child,
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    }),
  };
}

async function install() {
  console.error('Installing the packages of package-lock.json (once; a minute or two) …');
  const { child, ended } = run('npm', ['ci', '--loglevel=error', '--no-fund', '--no-audit'], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
    process.stderr.write(chunk);
  });
  const code = await ended.catch(() => fail('npm is not on the PATH: install Node.js 20 or newer, which brings npm.'));
  if (code > 128) process.exit(code);
  if (code !== 0) fail(installFailures.find(([pattern]) => pattern.test(errors))?.[1] ?? '`npm ci` failed, see above.');
}

async function ensureInstalled() {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockText).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  if (!isInstalled(lockText)) await install();
  writeFileSync(stamp, hash);
}

const [script, ...args] = process.argv.slice(2);
if (!script) fail('Usage: node tools/run.mjs <script.ts> [arguments]');
await ensureInstalled();
const { ended } = run(join(bin, 'node'), [join(root, script), ...args], {
  cwd: process.cwd(),
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, NX_DAEMON: 'false' },
});
process.exitCode = await ended;
