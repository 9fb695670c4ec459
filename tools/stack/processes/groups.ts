import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupOf } from './process-id.ts';

/** Signals every process of a group; true when there was one to take it. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * True while a process of the group lives. On Linux zombies do not count: in a container there may be nobody to reap
 * them.
 */
export function groupLives(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc').some((entry) => groupOf(Number(entry)) === leader);
}

/** How long a group that was sent SIGKILL may take to vanish. */
const reapMs = 2_000;

/** Ends a group: asks with `signal`, insists with SIGKILL after `graceMs`. */
export async function endGroup(leader: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!signalGroup(leader, signal)) return;
  if (await isGone(leader, graceMs)) return;
  signalGroup(leader, 'SIGKILL');
  await isGone(leader, reapMs);
}

async function isGone(leader: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (groupLives(leader)) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}
