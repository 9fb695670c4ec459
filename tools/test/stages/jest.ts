import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command, processCoverage, root } from '../command.ts';
import type { Stage } from '../stage.ts';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly success: boolean;
}

/** For all small and medium tests with coverage, on two slow cores. */
const timeoutMs = 1_500_000;

/** Runs jest and counts its tests; skipped tests and files that do not load count as failed. */
export const jest = (name: string, ...args: readonly string[]): Stage => ({
  name,
  async run(log) {
    const reportFile = join(root, 'coverage', `${name}.json`);
    await mkdir(dirname(reportFile), { recursive: true });
    await rm(reportFile, { force: true });
    const env = { NODE_V8_COVERAGE: processCoverage };
    await command('node', ['tools/test/jest.ts', '--json', `--outputFile=${reportFile}`, ...args], {
      log,
      env,
      timeoutMs,
    });
    const report = JSON.parse(await readFile(reportFile, 'utf8')) as JestReport;
    const failed = report.numFailedTests + report.numPendingTests + report.numRuntimeErrorTestSuites;
    return { passed: report.numPassedTests, failed: failed === 0 && !report.success ? 1 : failed };
  },
});
