import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocuments } from '../../checks/docs/check.ts';
import type { Repository } from '../../checks/docs/repository.ts';
import { command, root } from '../command.ts';
import type { Stage } from '../stage.ts';

/** Every path, link and command that a Markdown file names is there. Each file counts as one. */
export const docs: Stage = {
  name: 'docs',
  async run(log) {
    const verdicts = checkDocuments(await thisRepository());
    for (const [file, problems] of verdicts) {
      for (const problem of problems) log(`${file}: ${problem}`);
    }
    const failed = [...verdicts.values()].filter((problems) => problems.length > 0).length;
    return { passed: verdicts.size - failed, failed };
  },
};

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
