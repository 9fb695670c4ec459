import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { command, root } from '../command.ts';
import type { Stage } from '../stage.ts';

interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly line: number }[];
}

const workspace = join(root, 'tools/checks/fixtures/lint');

/**
 * Proves that each lint rule fails where it should, and only there: a small workspace with the tags of the real one,
 * linted by the real configuration, whose lines say what they break: `// fails: <rule>`. Each file counts as one.
 */
export const lintFixtures: Stage = {
  name: 'lint fixtures',
  async run(log) {
    await linkProjects();
    const { stdout } = await command('eslint', ['.', '--format', 'json'], { cwd: workspace, log: () => undefined });
    const files = JSON.parse(stdout) as LintedFile[];
    const verdicts = await Promise.all(files.map((file) => asExpected(file, log)));
    const passed = verdicts.filter(Boolean).length;
    return { passed, failed: verdicts.length - passed };
  },
};

/** The fixtures find each other by name, as the real projects do through npm's links. */
async function linkProjects(): Promise<void> {
  const scope = join(workspace, 'node_modules/@parley');
  await rm(scope, { recursive: true, force: true });
  await mkdir(scope, { recursive: true });
  for (const group of ['libs', 'apps']) {
    for (const project of await readdir(join(workspace, group))) {
      await symlink(join(workspace, group, project), join(scope, project));
    }
  }
}

async function asExpected(file: LintedFile, log: (text: string) => void): Promise<boolean> {
  const lines = (await readFile(file.filePath, 'utf8')).split('\n');
  const expected = lines.flatMap((line, index) => {
    const [, rule] = /\/\/ fails: (\S+)/.exec(line) ?? [];
    return rule === undefined ? [] : [`${(index + 1).toString()} ${rule}`];
  });
  const reported = file.messages.map(({ line, ruleId }) => `${line.toString()} ${ruleId ?? 'does not parse'}`);
  const name = relative(workspace, file.filePath);
  const missing = expected.filter((one) => !reported.includes(one));
  const surplus = reported.filter((one) => !expected.includes(one));
  for (const one of missing) log(`${name}:${one} was not reported`);
  for (const one of surplus) log(`${name}:${one} should not have been reported`);
  return missing.length + surplus.length === 0;
}
