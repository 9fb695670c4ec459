import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { command, processCoverage, root } from '../command.ts';
import type { Counts, Stage } from '../stage.ts';
import { failedFiles, settled, type JestReport } from './jest-report.ts';

/** For all small and medium tests with coverage, on two slow cores. */
const timeoutMs = 2_400_000;

/**
 * Runs jest and counts its tests; skipped tests and files that do not load count as failed. Files in which something failed
 * run once more, one after the other with nothing beside them: what passes then is counted as passed and named as unsteady.
 */
export const jest = (name: string, ...args: readonly string[]): Stage => ({
  name,
  async run(log): Promise<Counts> {
    const report = await run(name, args, log);
    const files = failedFiles(report).map((file) => relative(root, file));
    if (files.length === 0) return settled(report);
    const alone = args.filter((arg) => arg !== '--coverage' && !arg.startsWith('--maxWorkers'));
    return settled(report, await run(`${name}-again`, [...files, '--maxWorkers=1', ...alone], log));
  },
});

async function run(name: string, args: readonly string[], log: (text: string) => void): Promise<JestReport> {
  const reportFile = join(root, 'coverage', `${name}.json`);
  await mkdir(dirname(reportFile), { recursive: true });
  await rm(reportFile, { force: true });
  const env = { RECORD_CHILDREN_IN: processCoverage };
  const jestArgs = ['--json', `--outputFile=${reportFile}`, ...args];
  await command('node', ['tools/test/jest.ts', ...jestArgs], { log, env, timeoutMs });
  return JSON.parse(await readFile(reportFile, 'utf8')) as JestReport;
}
