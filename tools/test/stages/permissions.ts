import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpenApi } from '../../checks/openapi/document.ts';
import { permissionFaults } from '../../checks/openapi/permissions.ts';
import { root } from '../command.ts';
import type { Stage } from '../stage.ts';

/**
 * Every route in the OpenAPI document of every service declares who may call it. Each service counts as one, and so does
 * the list of permissions. That the documents are the code's is for the stage of the generated files to say.
 */
export const permissions: Stage = {
  name: 'permissions',
  run(log) {
    const services = globSync('apps/*/src/main.ts', { cwd: root }).map((file) => dirname(dirname(file)));
    const documents = services.map((folder) => [folder.replace('apps/', ''), documentOf(folder)] as const);
    const verdicts = [...permissionFaults(Object.fromEntries(documents))];
    for (const [where, faults] of verdicts) for (const fault of faults) log(`${where}: ${fault}`);
    const passed = verdicts.filter(([, faults]) => faults.length === 0).length;
    return Promise.resolve({ passed, failed: verdicts.length - passed });
  },
};

function documentOf(folder: string): OpenApi | undefined {
  const file = join(root, folder, 'openapi.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as OpenApi) : undefined;
}
