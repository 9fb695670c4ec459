import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
}

/**
 * User and system time so far of each named process with all that descends from it, in milliseconds. From /proc, so on
 * Linux alone.
 */
export function cpuMs<Name extends string>(roots: Readonly<Record<Name, number>>): Record<Name, number> {
  const children = Map.groupBy(everyProcess(), ({ parent }) => parent);
  const tree = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + child.ms + tree(child.pid), 0);
  const names = Object.keys(roots) as Name[];
  return Object.fromEntries(names.map((name) => [name, own(roots[name]) + tree(roots[name])])) as Record<Name, number>;
}

const own = (pid: number): number => statOf(pid)?.ms ?? 0;

const everyProcess = (): Stat[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));

/** Of proc_pid_stat(5) the fields 4, 14 and 15, counted behind the name, which may hold spaces; undefined once it has ended. */
function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), ms: ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000 };
  } catch {
    return undefined;
  }
}
