import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Result } from './load.ts';

/** A process of the bench's own that does one thing, for as long as it is told, as often as it is told. */
export interface Worker {
  readonly run: (seconds: number) => Promise<Result>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly args?: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a script that calls `work`, and resolves when it is ready. What it writes goes to stderr. */
export async function startWorker(script: string, { args = [], env }: WorkerOptions = {}): Promise<Worker> {
  const child = fork(script, args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  await answerOf(child);
  return {
    run: async (seconds) => {
      child.send(seconds);
      return (await answerOf(child)) as Result;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const ended = once(child, 'exit', settled).then(() =>
    Promise.reject(new Error('a worker of the bench ended by itself')),
  );
  try {
    const [message] = (await Promise.race([once(child, 'message', settled), ended])) as unknown[];
    return message;
  } finally {
    settled.abort();
    ended.catch(() => undefined);
  }
}

/** The worker's own side: `run` is called for each round. It ends with the process that started it. */
export function work(run: (seconds: number) => Promise<Result>): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (seconds: number) => {
    run(seconds).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.('ready');
}
