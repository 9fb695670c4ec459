import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process for good: the system gives a pid again one day, but not with the same start time. */
export interface ProcessId {
  readonly pid: number;
  readonly startedAt: string;
}

/** Identity of the process that has the pid now; undefined where none has, or only a zombie that nobody has reaped. */
export function identify(pid: number): ProcessId | undefined {
  const startedAt = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export const isAlive = (id: ProcessId): boolean => identify(id.pid)?.startedAt === id.startedAt;

/** Process group of a living process, by Linux' /proc. */
export function groupOf(pid: number): number | undefined {
  const group = statFields(pid)?.[2];
  return group === undefined ? undefined : Number(group);
}

/** Who started a process, and the first two words of its command line; undefined for one that is gone. */
export function parentAndCommand(pid: number): { readonly parent: number; readonly command: string } | undefined {
  try {
    const [parent, ...words] = process.platform === 'linux' ? parentFromProc(pid) : parentFromPs(pid);
    return { parent: Number(parent), command: words.slice(0, 2).join(' ') };
  } catch {
    return undefined;
  }
}

const parentFromProc = (pid: number): string[] => [
  statFields(pid)?.[1] ?? '',
  ...readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
];

const parentFromPs = (pid: number): string[] =>
  execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);

/** Clock ticks since the machine's start. */
const startFromProc = (pid: number): string | undefined => statFields(pid)?.[19];

/** proc(5): what follows the parenthesised name, from the state on; undefined for a process that is gone or a zombie. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields;
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
