import { execFileSync } from 'node:child_process';
import { identify, isAlive, type ProcessId } from './process-id.ts';

const intervalMs = 1_000;
/** Between `npm start` and us are a shell and tools/run.mjs. */
const maxDistance = 4;

/**
 * Calls `onGone` when the npm that this process was started by has ended, or what lies between: npm passes a signal to
 * its shell, which dies of it and passes on nothing. Does nothing where npm is not among the ancestors.
 */
export function watchLauncher(onGone: () => void): { stop(): void } {
  const ancestors = upToNpm();
  const timer = setInterval(() => {
    if (ancestors.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, intervalMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** The ancestors up to npm; none where there is no npm. */
function upToNpm(): readonly ProcessId[] {
  const ancestors: ProcessId[] = [];
  let pid = process.ppid;
  while (ancestors.length < maxDistance) {
    const [id, facts] = [identify(pid), parentAndCommand(pid)];
    if (!id || !facts) return [];
    ancestors.push(id);
    if (/\bnpm\b/.test(facts.command)) return ancestors;
    pid = facts.parent;
  }
  return [];
}

function parentAndCommand(pid: number): { readonly parent: number; readonly command: string } | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parent = '', ...command] = line.split(/\s+/);
    return { parent: Number(parent), command: command.slice(0, 2).join(' ') };
  } catch {
    return undefined;
  }
}
