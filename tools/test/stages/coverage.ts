import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import coverage, { type CoverageMap, type CoverageMapData } from 'istanbul-lib-coverage';
import { command, processCoverage, root } from '../command.ts';
import { covered, notCovered } from '../covered.mjs';
import type { Stage } from '../stage.ts';

const demandedPercent = 85;

/** Lines that ran in any test, in jest's own process or in one that a test started, are enough of all lines. */
export const coverageStage: Stage = {
  name: 'coverage',
  async run(log) {
    const reports = [join(root, 'coverage/jest'), await reportOfProcesses(log)];
    const merged = coverage.createCoverageMap();
    for (const report of reports) {
      const text = await readFile(join(report, 'coverage-final.json'), 'utf8');
      merged.merge(JSON.parse(text) as CoverageMapData);
    }
    const { total, covered: hit } = linesOf(merged);
    const percent = (100 * hit) / total;
    log(worstFiles(merged));
    const note = `${percent.toFixed(1)} % of ${total.toString()} lines, at least ${demandedPercent.toString()} % demanded`;
    return percent >= demandedPercent ? { passed: 1, failed: 0, note } : { passed: 0, failed: 1, note };
  },
};

/** What Node recorded in the processes that stages and tests started (NODE_V8_COVERAGE), mapped to the sources. */
async function reportOfProcesses(log: (text: string) => void): Promise<string> {
  const folder = join(root, 'coverage/processes-report');
  const options = ['--temp-directory', processCoverage, '--reports-dir', folder, '--reporter=json', '--clean=false'];
  const include = covered.flatMap((pattern) => ['--include', pattern]);
  const exclude = notCovered.flatMap((pattern) => ['--exclude', pattern]);
  const { code } = await command('c8', ['report', ...options, ...include, ...exclude, '--exclude-after-remap'], {
    log,
  });
  if (code !== 0) throw new Error('c8 could not read what the processes recorded.');
  return folder;
}

function linesOf(map: CoverageMap): { total: number; covered: number } {
  const { lines } = map.getCoverageSummary();
  return { total: lines.total, covered: lines.covered };
}

/** The files with the most lines that no test reaches. */
function worstFiles(map: CoverageMap): string {
  const files = map.files().map((file) => {
    const { lines } = map.fileCoverageFor(file).toSummary();
    return { file: relative(root, file), missed: lines.total - lines.covered };
  });
  const worst = files.sort((a, b) => b.missed - a.missed).slice(0, 30);
  return worst.map(({ file, missed }) => `${missed.toString().padStart(5)} lines not reached in ${file}`).join('\n');
}
