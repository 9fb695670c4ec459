import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import coverage, { type CoverageMap, type CoverageMapData } from 'istanbul-lib-coverage';
import { command, processCoverage, root } from '../command.ts';
import { covered, notCovered } from '../covered.mjs';
import type { Stage } from '../stage.ts';

const demandedPercent = 85;

interface FileLines {
  readonly file: string;
  readonly total: number;
  readonly missed: number;
}

/**
 * Enough of all executable lines ran in some test: in jest's own processes, which know the lines of every file, or in
 * a process that a test started.
 */
export const coverageStage: Stage = {
  name: 'coverage',
  async run(log) {
    const inJest = await read(join(root, 'coverage/jest'));
    const inProcesses = await read(await reportOfProcesses(log));
    const files = inJest.files().map((file) => linesOf(file, inJest, inProcesses));
    const total = sum(files.map((file) => file.total));
    const percent = 100 - (100 * sum(files.map((file) => file.missed))) / total;
    const worst = files.toSorted((a, b) => b.missed - a.missed).slice(0, 40);
    for (const { file, missed, total } of worst) log(`${missed} of ${total} lines not reached in ${file}`);
    const note = `${percent.toFixed(1)} % of ${total} lines, at least ${demandedPercent} % demanded`;
    return percent >= demandedPercent ? { passed: 1, failed: 0, note } : { passed: 0, failed: 1, note };
  },
};

function linesOf(file: string, inJest: CoverageMap, inProcesses: CoverageMap): FileLines {
  const hits = inJest.fileCoverageFor(file).getLineCoverage();
  const others = inProcesses.files().includes(file) ? inProcesses.fileCoverageFor(file).getLineCoverage() : {};
  const missed = Object.entries(hits).filter(([line, count]) => count === 0 && (others[Number(line)] ?? 0) === 0);
  return { file: relative(root, file), total: Object.keys(hits).length, missed: missed.length };
}

/** What Node recorded in the processes that stages and tests started (NODE_V8_COVERAGE), mapped to the sources by c8. */
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

const read = async (folder: string): Promise<CoverageMap> =>
  coverage.createCoverageMap(
    JSON.parse(await readFile(join(folder, 'coverage-final.json'), 'utf8')) as CoverageMapData,
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
