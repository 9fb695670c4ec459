import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { eventually } from '@parley/testing';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

type Line = Readonly<Record<string, unknown>>;

/** Runs a service as its image does, in a process of its own. */
export function runChild(env: Readonly<Record<string, string>> = {}) {
  const lines: Line[] = [];
  const child = spawn(
    process.execPath,
    [
      '--conditions=@parley/source',
      `--import=${here('typescript.mjs')}`,
      '--import=@parley/service-kit/tracing',
      here('main.ts'),
    ],
    {
      cwd: here('../..'),
      env: { PATH: process.env['PATH'], PARLEY_DRAIN_ANNOUNCE_MS: '0', LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line) as Line));
  const errors = text(child.stderr);
  const logged = (msg: string) => lines.filter((line) => line['msg'] === msg);
  const exited = once(child, 'exit').then(async ([code]) => ({ code: code as number | null, errors: await errors }));
  return {
    lines,
    messages: () => lines.map((line) => line['msg']),
    exited,
    /** Once it says so. */
    untilLogged: (msg: string) =>
      eventually(() => logged(msg)[0] ?? Promise.reject(new Error(`not logged: ${msg}`)), { timeoutMs: 90_000 }),
    signal: (name: NodeJS.Signals) => child.kill(name),
    async url(): Promise<string> {
      return String((await this.untilLogged('serving'))['url']);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
