import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readDocument } from '../../tools/checks/docs/document.ts';
import { runDocument } from '../../tools/checks/docs/run.ts';

const cwd = join(import.meta.dirname, '../..');

/** A shell that knows where the running platform is kept, and nothing else of it. */
const env = { PATH: process.env['PATH'] ?? '', HOME: homedir(), PARLEY_HOME: process.env['PARLEY_HOME'] ?? '' };

const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd })
  .toString()
  .split('\n')
  .filter((file) => file !== '')
  .map((file) => [file, readFileSync(join(cwd, file), 'utf8')] as const)
  .filter(([, markdown]) => readDocument(markdown).shellBlocks.some(({ notRun }) => notRun === undefined));

it.each(documents)(
  'the commands of %s run',
  async (_, markdown) => {
    const { code, output } = await runDocument(markdown, { cwd, env });
    expect({ code, output }).toEqual({ code: 0, output: expect.any(String) });
  },
  130_000,
);
