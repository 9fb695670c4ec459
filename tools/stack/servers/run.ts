import { spawn } from 'node:child_process';

export interface Outcome {
  readonly ok: boolean;
  /** What it wrote, both streams as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** Default 300,000 ms: package archives can be slow. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end. A program that cannot be started is an outcome, not an exception. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs ?? 300_000,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.account,
    });
    let output = '';
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}
