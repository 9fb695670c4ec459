import { readFileSync } from 'node:fs';

/** The memory of a process, looked at once a second until told to stop; from /proc, so on Linux alone. */
export function watchMemory(pid: number): { stop(): readonly number[] } {
  const seen: number[] = [];
  const timer = setInterval(() => seen.push(residentBytes(pid)), 1_000);
  return {
    stop: () => {
      clearInterval(timer);
      return seen;
    },
  };
}

/** Of proc_pid_status(5), which says it in kB. */
const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
