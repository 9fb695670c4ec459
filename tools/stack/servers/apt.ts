import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { explain, StackFailure } from '../failure.ts';
import type { Report } from '../report.ts';
import { findProgram } from './programs.ts';
import { run, type Outcome } from './run.ts';

/** How long another apt on the machine is waited for. */
const lockMs = 180_000;
const aptEnv = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** Runs apt-get, waiting while another one holds the lock; with sudo where we are not root and it asks no password. */
export async function aptGet(args: readonly string[], timeoutMs = lockMs): Promise<Outcome> {
  const command = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const [program = '', ...rest] = [...command, ...args];
    const outcome = await run(program, rest, { env: aptEnv });
    if (outcome.ok || !/Could not get lock|Unable to lock/.test(outcome.output) || Date.now() > deadline)
      return outcome;
    await sleep(1_000);
  }
}

/** One installation at a time: apt has one lock, and our policy one file. */
let installing: Promise<void> = Promise.resolve();

/**
 * Installs a Debian package, without letting it start the system's own server.
 * @throws StackFailure with the command to type where it cannot be done from here.
 */
export function installPackage(name: string, homebrew: string, report: Report): Promise<void> {
  const mine = installing.then(() => install(name, homebrew, report));
  installing = mine.catch(() => undefined);
  return mine;
}

async function install(name: string, homebrew: string, report: Report): Promise<void> {
  if (!findProgram(['apt-get'])) {
    const how =
      process.platform === 'darwin' ? `run \`brew install ${homebrew}\`` : 'install it with your package manager';
    throw new StackFailure(`${name} is not installed: ${how}, then start again.`);
  }
  report({ part: name, kind: 'working', note: 'installing the Debian package (once) …' });
  const byHand = `Run \`sudo apt-get update && sudo apt-get install ${name}\`, then start again.`;
  const updated = await aptGet(['update']);
  if (!updated.ok)
    throw aptFailure(`The package lists could not be updated, which ${name} needs`, updated.output, byHand);
  const allow = denyServiceStarts();
  try {
    const installed = await aptGet(['install', '-y', '--no-install-recommends', name]);
    // An update without a network warns and succeeds, so the cause may be among its words.
    const output = updated.output + installed.output;
    if (!installed.ok) throw aptFailure(`${name} could not be installed`, output, byHand);
  } finally {
    allow();
  }
}

function aptFailure(what: string, output: string, byHand: string): StackFailure {
  const error = output.split('\n').findLast((line) => line.startsWith('E: ')) ?? output.trimEnd().split('\n').at(-1);
  return new StackFailure(`${what}. ${explain(output) ?? `${byHand} (${error})`}`);
}

/**
 * Debian starts a server when its package is installed, unless this policy says no (invoke-rc.d(8)).
 * Answers the function that takes our policy away; one that was there already stays.
 */
function denyServiceStarts(): () => void {
  const policy = '/usr/sbin/policy-rc.d';
  if (process.getuid?.() !== 0 || existsSync(policy)) return () => undefined;
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(policy, { force: true });
}
