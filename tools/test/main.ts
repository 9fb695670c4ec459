/**
 * `npm test`: every stage, or those named: `npm test -- lint jest`.
 * The last line sums them all: `N passed, N failed`.
 */
import { stopAll } from './command.ts';
import { runStages, type Stage } from './stage.ts';
import { check } from './stages/check.ts';
import { coverageStage } from './stages/coverage.ts';
import { deadCodeFixtures } from './stages/dead-code-fixtures.ts';
import { deployables } from './stages/deployables.ts';
import { docs } from './stages/docs.ts';
import { generated } from './stages/generated.ts';
import { jest } from './stages/jest.ts';
import { kong } from './stages/kong.ts';
import { lintFixtures } from './stages/lint-fixtures.ts';
import { openApiCompatibility } from './stages/openapi-compatibility.ts';
import { permissions } from './stages/permissions.ts';

/** Rows run one after the other, the stages of a row side by side. */
const plan: Stage[][] = [
  [check('format', 'prettier --check . --log-level warn'), check('typecheck', 'npm run --silent typecheck')],
  [check('lint', 'eslint . --max-warnings 0'), lintFixtures],
  [
    docs,
    check('dead code', 'knip --no-config-hints'),
    deadCodeFixtures,
    check('lockfile', 'node tools/lockfile/main.ts --check'),
  ],
  [check('build', 'nx run-many -t build --output-style=static')],
  [generated],
  [openApiCompatibility, permissions, kong, check('routes', 'node tools/checks/routes/main.ts')],
  [jest('jest', '--coverage', '--maxWorkers=2', '--workerIdleMemoryLimit=1GB', '--selectProjects', 'small', 'medium')],
  [jest('e2e', '--maxWorkers=1', '--selectProjects', 'e2e')],
  [jest('chaos', '--maxWorkers=1', '--selectProjects', 'chaos')],
  [coverageStage],
  [deployables],
];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void stopAll().then(() => process.exit(1)));
}

const wanted = process.argv.slice(2);
const names = plan.flat().map((stage) => stage.name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No such stage: ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}

const chosen = plan
  .map((row) => row.filter((stage) => wanted.length === 0 || wanted.includes(stage.name)))
  .filter((row) => row.length > 0);
const { passed, failed } = await runStages(chosen, (line) => console.log(line));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
