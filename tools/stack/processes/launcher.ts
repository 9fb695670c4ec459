import { identify, isAlive, parentAndCommand, type ProcessId } from './process-id.ts';

const intervalMs = 1_000;
/** Between `npm start` and us are a shell and tools/run.mjs. */
const maxDistance = 4;

/** The processes between npm and us, npm included; none where npm did not start us. */
export type Launcher = readonly ProcessId[];

/**
 * Calls `onGone` when npm has ended, or what lies between: npm passes a signal to its shell, which dies of it and
 * passes on nothing. Answers the function that ends the watch.
 */
export function watchLauncher(launcher: Launcher, onGone: () => void): () => void {
  const timer = setInterval(() => {
    if (launcher.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, intervalMs);
  return () => clearInterval(timer);
}

/** To be called early: an ancestor that has ended cannot be found any more. */
export function findLauncher(): Launcher {
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
