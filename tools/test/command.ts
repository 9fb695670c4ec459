/** Commands of the stages: each in a process group of its own, so that a stopped run leaves none behind. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where Node leaves what ran in a process that was started with NODE_V8_COVERAGE. */
export const processCoverage = `${root}coverage/processes`;

const running = new Map<number, Promise<unknown>>();
process.on('exit', () => {
  for (const group of running.keys()) killGroup(group, 'SIGKILL');
});

/** Asks every command to end, and waits for them, at most 15 s. */
export async function stopAll(): Promise<void> {
  for (const group of running.keys()) killGroup(group, 'SIGTERM');
  await Promise.race([Promise.all(running.values()), sleep(15_000, undefined, { ref: false })]);
}

export interface CommandOptions {
  /** Takes stdout and stderr as they come. */
  readonly log: (text: string) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A command that takes longer is killed and has failed. Default 10 minutes. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  /** 0 is success; -1 where the command was killed or never started. */
  readonly code: number;
  readonly stdout: string;
}

/** A command that runs; `stop` asks it to end. */
export interface Running {
  readonly ended: Promise<CommandResult>;
  stop(signal: NodeJS.Signals): void;
}

/** Runs a command of the workspace (`node_modules/.bin` is on the path) to its end. */
export const command = (name: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> =>
  start(name, args, options).ended;

/** Starts a command of the workspace. */
export function start(name: string, args: readonly string[], options: CommandOptions): Running {
  const { log, env, cwd = root, timeoutMs = 600_000 } = options;
  log(`$ ${[name, ...args].join(' ')}`);
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(name, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: [...stdio] });
  const group = child.pid;
  const stop = (signal: NodeJS.Signals): void => {
    if (group !== undefined) killGroup(group, signal);
  };
  const timer = setTimeout(() => {
    log(`Stopped: it ran longer than ${timeoutMs / 1_000} s.`);
    stop('SIGKILL');
  }, timeoutMs);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    log(chunk.trimEnd());
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => log(chunk.trimEnd()));
  const ended = new Promise<CommandResult>((resolve) => {
    const finish = (code: number): void => {
      clearTimeout(timer);
      if (group !== undefined) running.delete(group);
      resolve({ code, stdout });
    };
    child.on('error', (error) => {
      log(error.message);
      finish(-1);
    });
    child.on('close', (code) => finish(code ?? -1));
  });
  if (group !== undefined) running.set(group, ended);
  return { ended, stop };
}

function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
