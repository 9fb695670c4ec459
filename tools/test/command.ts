/** Commands of the stages: each in a process group of its own, so that a stopped run leaves none behind. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const running = new Set<number>();

export function killAll(): void {
  for (const group of running) killGroup(group, 'SIGKILL');
}
process.on('exit', killAll);

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

/** Runs a command of the workspace (`node_modules/.bin` is on the path) to its end. */
export function command(name: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { log, env, cwd = root, timeoutMs = 600_000 } = options;
  log(`$ ${[name, ...args].join(' ')}`);
  const child = spawn(name, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid;
  if (group !== undefined) running.add(group);
  const timer = setTimeout(() => {
    log(`Stopped: it ran longer than ${(timeoutMs / 1_000).toString()} s.`);
    if (group !== undefined) killGroup(group, 'SIGKILL');
  }, timeoutMs);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    log(chunk.trimEnd());
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => log(chunk.trimEnd()));
  return new Promise((resolve) => {
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
}

function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
