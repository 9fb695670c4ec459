import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { logFile, rotateLog } from '../home.ts';
import { endGroup, signalGroup } from './groups.ts';
import { Ledger } from './ledger.ts';

/** One program to run for a home. Output is appended to the home's log of that name. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The account it runs under, where it must not be root. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** Asks it to end in good order. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take to end in good order. Default 15,000 ms. */
  readonly graceMs?: number;
}

export interface Running {
  readonly pid: number;
  /** Resolves when the process has ended, with how: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill9(): Promise<void>;
  /** What it has written since its start. */
  output(): string;
}

const live = new Map<number, NodeJS.Signals>();
process.once('exit', () => {
  for (const [pid, signal] of live) signalGroup(pid, signal);
});

/**
 * Starts a program in a process group of its own, recorded in the home's ledger.
 * It writes to its log file directly, so it outlives neither its reader nor breaks with it.
 */
export function launch(home: string, program: Program): Running {
  rotateLog(home, program.name);
  const log = openSync(logFile(home, program.name), 'a', 0o600);
  // Before the program can have written anything.
  const logStart = fstatSync(log).size;
  const child = spawn(program.command, program.args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: program.env,
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
    ...program.account,
  });
  closeSync(log);
  const output = () => readFileSync(logFile(home, program.name)).subarray(logStart).toString();
  const { stopSignal = 'SIGTERM', graceMs = 15_000 } = program;
  const ledger = new Ledger(home);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      live.delete(child.pid ?? 0);
      ledger.remove(program.name);
      resolve(signal ?? `exit code ${code}`);
    });
  });
  const pid = child.pid;
  if (pid === undefined) {
    return { pid: 0, ended, output, stop: () => Promise.resolve(), kill9: () => Promise.resolve() };
  }
  live.set(pid, stopSignal);
  ledger.add(program.name, pid, stopSignal);
  const end = async (signal: NodeJS.Signals) => {
    await endGroup(pid, signal, graceMs);
    await ended;
  };
  return { pid, ended, output, stop: () => end(stopSignal), kill9: () => end('SIGKILL') };
}
