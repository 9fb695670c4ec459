import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ProcessGuard } from './process-guard.js';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** How long a program may take to end by itself once it is told to. */
const graceMs = 1_000;

/** How long output that is still in the pipe is waited for; a process that left the group may hold the pipe for ever. */
const lastOutputMs = 500;

/**
 * A program with all that it starts, as a process group of its own: what ends it ends them all, but for a process that
 * makes itself a session of its own.
 */
export class ProcessGroup {
  /** How it ended: an exit code, a signal, or why it could not be started. */
  readonly ended: Promise<string>;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor({ command, args, env }: Program, guard: ProcessGuard) {
    const ended = Promise.withResolvers<string>();
    this.ended = ended.promise;
    this.child = spawn(command, args, { env, stdio: 'pipe', detached: true });
    const { pid, stdin, stdout, stderr } = this.child;
    if (pid !== undefined) guard.watch(pid);
    // Why it cannot be written to, its end tells.
    stdin.on('error', () => undefined);
    this.child.once('error', ({ message, ...error }) => ended.resolve('code' in error ? String(error.code) : message));
    this.child.once('exit', () => {
      this.signal('SIGKILL');
      setTimeout(() => [stdout, stderr].forEach((stream) => stream.destroy()), lastOutputMs).unref();
    });
    this.child.once('close', (code, signal) => {
      if (pid !== undefined) guard.forget(pid);
      ended.resolve(signal ?? `exit code ${code}`);
    });
  }

  get stdin(): Writable {
    return this.child.stdin;
  }
  get stdout(): Readable {
    return this.child.stdout;
  }
  get stderr(): Readable {
    return this.child.stderr;
  }

  /** Closes its input and asks it to end; after a second it is not asked any more. */
  async end(): Promise<void> {
    this.child.stdin.end();
    this.signal('SIGTERM');
    const kill = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(kill);
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  }
}
