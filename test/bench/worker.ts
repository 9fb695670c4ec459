import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Result } from './load.ts';

/** A process of the bench's own that does one thing, or each job that it is given, for as long as it is told, as often as it is told. */
export interface Worker<Job = void> {
  readonly run: (seconds: number, job: Job) => Promise<Result>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly args?: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a script that calls `work`, and resolves when it is ready. What it writes goes to stderr. */
export async function startWorker<Job = void>(
  script: string,
  { args = [], env }: WorkerOptions = {},
): Promise<Worker<Job>> {
  const child = fork(script, args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  await answerOf(child);
  return {
    run: async (seconds, job) => {
      child.send({ seconds, job });
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
export function work<Job = void>(run: (seconds: number, job: Job) => Promise<Result>): void {
  process.once('disconnect', () => process.exit());
  process.on('message', ({ seconds, job }: { readonly seconds: number; readonly job: Job }) => {
    run(seconds, job).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.('ready');
}
