import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, root } from '../command.ts';
import type { Stage } from '../stage.ts';

interface Named {
  readonly name: string;
}

interface Findings {
  readonly file: string;
  readonly files: readonly Named[];
  readonly exports: readonly Named[];
  readonly dependencies: readonly Named[];
  readonly unlisted: readonly Named[];
  readonly cycles: readonly (readonly Named[])[];
}

const workspace = join(root, 'tools/checks/fixtures/dead-code');

/** Proves that knip, by the real configuration, finds dead code, loose dependencies and cycles. Each finding counts. */
export const deadCodeFixtures: Stage = {
  name: 'dead code fixtures',
  async run(log) {
    const expected = JSON.parse(await readFile(join(workspace, 'expected.json'), 'utf8')) as string[];
    const config = join(root, 'knip.json');
    const { stdout } = await command('knip', ['--config', config, '--reporter', 'json'], { cwd: workspace, log });
    const found = (JSON.parse(stdout) as { issues: Findings[] }).issues.flatMap(sentences);
    const missing = expected.filter((one) => !found.includes(one));
    const surplus = found.filter((one) => !expected.includes(one));
    for (const one of missing) log(`not found: ${one}`);
    for (const one of surplus) log(`found where there is nothing: ${one}`);
    return { passed: expected.length - missing.length, failed: missing.length + surplus.length };
  },
};

const sentences = ({ file, files, exports, dependencies, unlisted, cycles }: Findings): string[] => [
  ...files.map(({ name }) => `unused file: ${name}`),
  ...exports.map(({ name }) => `unused export: ${name} in ${file}`),
  ...dependencies.map(({ name }) => `unused dependency: ${name} in ${file}`),
  ...unlisted.map(({ name }) => `unlisted dependency: ${name} in ${file}`),
  ...cycles.map((cycle) => `cycle: ${cycle.map(({ name }) => name).join(' ')}`),
];
