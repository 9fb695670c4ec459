import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakingChanges } from '../../checks/openapi/compatibility.ts';
import type { OpenApi } from '../../checks/openapi/document.ts';
import { command, root } from '../command.ts';
import type { Stage } from '../stage.ts';

/**
 * A service's openapi.json breaks nothing that its previous committed version promised: the last commit's where the
 * file has been changed since, else the version before its last change. A document without a history passes.
 */
export const openApiCompatibility: Stage = {
  name: 'openapi compatibility',
  async run(log) {
    const files = globSync('apps/*/openapi.json', { cwd: root });
    const verdicts = await Promise.all(
      files.map(async (file) => {
        const text = readFileSync(join(root, file), 'utf8');
        const previous = await previousVersion(file, text);
        const changes = previous === undefined ? [] : breakingChanges(parse(previous), parse(text));
        for (const change of changes) log(`${file}: ${change}`);
        return changes.length === 0;
      }),
    );
    const passed = verdicts.filter(Boolean).length;
    return { passed, failed: verdicts.length - passed };
  },
};

const parse = (text: string): OpenApi => JSON.parse(text) as OpenApi;

async function previousVersion(file: string, now: string): Promise<string | undefined> {
  const commits = await git('log', '--max-count=2', '--format=%H', '--', file);
  for (const commit of commits.trim().split('\n').filter(Boolean)) {
    const text = await git('show', `${commit}:${file}`);
    if (text !== now) return text;
  }
  return undefined;
}

const git = async (...args: string[]): Promise<string> => (await command('git', args, { log: () => undefined })).stdout;
