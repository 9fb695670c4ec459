import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocuments } from '../../checks/docs/check.ts';
import { readDocument } from '../../checks/docs/document.ts';
import type { Repository } from '../../checks/docs/repository.ts';
import { command, root } from '../command.ts';
import type { Stage } from '../stage.ts';

/**
 * Every path, link and command that a Markdown file names is there. Each file counts as one. That shell blocks run is
 * shown by test/e2e/documents.test.ts; those that are excused from it are named here.
 */
export const docs: Stage = {
  name: 'docs',
  async run(log) {
    const repository = await thisRepository();
    const verdicts = checkDocuments(repository);
    for (const [file, problems] of verdicts) {
      for (const problem of problems) log(`${file}: ${problem}`);
    }
    const failed = [...verdicts.values()].filter((problems) => problems.length > 0).length;
    return { passed: verdicts.size - failed, failed, note: excused(repository) };
  },
};

/** How many shell blocks are run and which are not, and why. */
function excused(repository: Repository): string {
  const blocks = repository.files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => readDocument(repository.textOf(file)).shellBlocks.map(({ notRun }) => ({ file, notRun })));
  const left = blocks.filter(({ notRun }) => notRun !== undefined);
  const reasons = left.map(({ file, notRun }) => `\n       ${file}: ${notRun}`).join('');
  return `${left.length} of ${blocks.length} shell blocks are not run:${reasons}`;
}

async function thisRepository(): Promise<Repository> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await command('git', args, { log: () => undefined });
  const { scripts } = readJson('package.json') as { scripts: Record<string, string> };
  const { targetDefaults } = readJson('nx.json') as { targetDefaults: Record<string, unknown> };
  return {
    files: stdout
      .trim()
      .split('\n')
      .filter((file) => existsSync(join(root, file))),
    textOf: (file) => readFileSync(join(root, file), 'utf8'),
    scripts: new Set(Object.keys(scripts)),
    programs: new Set(readdirSync(join(root, 'node_modules/.bin'))),
    projects: new Set(['libs', 'apps'].flatMap((group) => readdirSync(join(root, group)))),
    targets: new Set(Object.keys(targetDefaults)),
  };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
