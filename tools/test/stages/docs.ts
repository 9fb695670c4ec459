import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocuments } from '../../checks/docs/check.ts';
import { command, root } from '../command.ts';
import type { Stage } from '../stage.ts';

/** Every path, link and command that a Markdown file names is there. Each file counts as one. */
export const docs: Stage = {
  name: 'docs',
  async run(log) {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'];
    const { stdout } = await command('git', args, { log: () => undefined });
    const verdicts = checkDocuments(describeWorkspace(), stdout.trim().split('\n'));
    for (const [file, problems] of verdicts) {
      for (const problem of problems) log(`${file}: ${problem}`);
    }
    const failed = [...verdicts.values()].filter((problems) => problems.length > 0).length;
    return { passed: verdicts.size - failed, failed };
  },
};

function describeWorkspace() {
  const { scripts } = readJson('package.json') as { scripts: Record<string, string> };
  const { targetDefaults } = readJson('nx.json') as { targetDefaults: Record<string, unknown> };
  const projects = ['libs', 'apps'].flatMap((group) => readdirSync(join(root, group)));
  return {
    root,
    scripts: new Set(Object.keys(scripts)),
    targets: new Set(Object.keys(targetDefaults)),
    projects: new Set(projects),
  };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
