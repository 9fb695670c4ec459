import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../tools/stack/ports.ts';

export interface Child {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** Added to this process's environment; PORT is there already. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: (port: number) => readonly string[];
  /** Where its output goes; what it wrote before is gone. */
  readonly log: string;
}

const readyWithinMs = 20_000;

/** Runs a Node script on a free port and resolves when it answers there. */
export async function startChild(script: string, { env, args = () => [], log }: ChildOptions): Promise<Child> {
  const port = await freePort();
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [script, ...args(port)], {
    env: { ...process.env, NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const kill = () => child.kill();
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    kill();
    await once(child, 'exit');
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilAnswers(url, child);
  } catch (error) {
    await stop();
    throw new Error(`${script} does not answer; its output is in ${log}`, { cause: error });
  }
  return { url, pid: child.pid ?? 0, stop };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
    }
    await sleep(50);
  }
}
