import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../test/command.ts';
import { readDocument } from './document.ts';

export interface RunOptions {
  /** Where a reader stands: the root of the checkout. */
  readonly cwd: string;
  /** All that the commands find in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** One document's commands are killed after this long; default 120,000 ms. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** 0 when every command did what it says; the first that does not ends the document. */
  readonly code: number;
  /** The commands with what they wrote. */
  readonly output: string;
}

/** Runs the shell blocks of a document one after the other in one shell, as a reader pastes them, but for those excused. */
export async function runDocument(markdown: string, { cwd, env, timeoutMs = 120_000 }: RunOptions): Promise<RunResult> {
  const blocks = readDocument(markdown).shellBlocks.filter(({ notRun }) => notRun === undefined);
  const folder = await mkdtemp(join(tmpdir(), 'parley-documents-'));
  const script = join(folder, 'blocks.sh');
  try {
    await writeFile(script, ['set -euo pipefail -o verbose', ...blocks.map(({ text }) => text), ''].join('\n'));
    // A reader sees a refusal on the screen; here it has to be the command's failure.
    await writeFile(join(folder, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n');
    const variables = Object.entries({ ...env, CURL_HOME: folder }).map(([name, value]) => `${name}=${value}`);
    const shell = ['bash', '-c', 'exec bash "$0" 2>&1', script];
    const options = { cwd, log: () => undefined, timeoutMs };
    const { code, stdout: output } = await command('env', ['-i', ...variables, ...shell], options);
    return { code, output };
  } finally {
    await rm(folder, { recursive: true });
  }
}
