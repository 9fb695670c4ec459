// Real: a copy of this checkout, its compiler, linter, build and tests, and the servers of the medium tests.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Workspace } from './workspace.ts';

let workspace: Workspace;

const read = (path: string) => readFileSync(join(workspace.root, path), 'utf8');
const made: string[] = [];

beforeAll(async () => {
  workspace = new Workspace();
  for (const names of [
    ['service', 'billing'],
    ['feature', 'billing', 'credit-notes'],
    ['event', 'billing.credit_note.issued'],
  ]) {
    const { code, output } = await workspace.new(...names);
    expect([code, output]).toEqual([0, expect.stringContaining('Next:')]);
    made.push(...output.split('\n').filter((line) => line !== '' && existsSync(join(workspace.root, line))));
  }
  workspace.install('billing', 'gateway');
  // Checked with what they stand on alone: the rest of the checkout has its own checks.
  const include = ['apps/billing', 'libs/contracts/src'];
  writeFileSync(join(workspace.root, 'tsconfig.json'), JSON.stringify({ extends: './tsconfig.base.json', include }));
}, 60_000);
afterAll(() => workspace.remove());

describe('a new service, its feature and its event', () => {
  it('are formatted and type-check', async () => {
    expect(await workspace.run('prettier', '--check', '--ignore-unknown', ...made)).toMatchObject({ code: 0 });
    expect(await workspace.run('tsc', '--noEmit', '-p', 'tsconfig.json')).toEqual({ code: 0, output: '' });
  }, 60_000);

  it('lint', async () => {
    expect(await workspace.run('eslint', '--max-warnings', '0', 'apps/billing', 'libs/contracts/src/events')).toEqual({
      code: 0,
      output: '',
    });
  }, 60_000);

  it('are built, and describe their API', async () => {
    const built = await workspace.run('nx', 'build', 'billing', '--output-style=static');
    expect(built).toMatchObject({ code: 0 });

    const { output } = await workspace.run('node', 'apps/billing/dist/openapi.js');

    const { paths } = JSON.parse(output) as { paths: Record<string, object> };
    expect(Object.keys(paths)).toEqual(['/v1/credit-notes', '/v1/credit-notes/{id}']);
  }, 60_000);

  it('pass the tests that came with them, and those of the contracts that they joined', async () => {
    const tests = ['apps/billing', 'libs/contracts/src'];
    const { code, output } = await workspace.run(
      'jest',
      '--selectProjects',
      'small',
      'medium',
      '--runInBand',
      ...tests,
    );
    expect(output).toContain('credit-notes.test.ts');
    expect(code === 0 ? '' : output).toBe('');
  }, 90_000);
});

describe('what is there already', () => {
  it.each([
    [['service', 'billing'], 'There is already apps/billing/'],
    [['event', 'billing.credit_note.issued'], 'There is already libs/contracts/'],
  ])('is not written over: %j', async (names, sentence) => {
    const before = read('libs/contracts/src/events/catalogue.ts') + read('libs/contracts/src/http/route.ts');
    const { code, output } = await workspace.new(...names);
    expect([code, output]).toEqual([2, expect.stringContaining(sentence)]);
    expect(read('libs/contracts/src/events/catalogue.ts') + read('libs/contracts/src/http/route.ts')).toBe(before);
  });
});

describe('a command that does not fit', () => {
  it.each([
    [[], 'What shall be made?'],
    [['service'], 'What shall be made?'],
    [['service', 'Billing'], 'A service is named in lower-case words'],
    [['feature', 'shop', 'orders'], 'There is no service "shop"; there are analytics,'],
    [['feature', 'auth', 'order'], 'A feature is named by what there are many of'],
    [['event', 'auth.key'], 'An event is named <service>.<subject>.<what happened>'],
  ])('is answered by a sentence: %j', async (names, sentence) => {
    const { code, output } = await workspace.new(...names);
    expect([code, output]).toEqual([2, expect.stringContaining(sentence)]);
    expect(output).not.toContain('    at ');
  });
});
