import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseName, toPascal } from '../names.ts';
import { before, render, type Plan } from '../plan.ts';
import { nextPort } from '../services.ts';

const routes = 'libs/contracts/src/http/route.ts';

/** A service that starts, is ready, and has a database with outbox; its first feature is yet to come. */
export function planService(root: string, name: string): Plan {
  const words = parseName('A service', name);
  const port = String(nextPort(root));
  const files = render(join(import.meta.dirname, 'files'), {
    service: name,
    Service: toPascal(words),
    database: `parley_${words.join('_')}`,
    port,
  });
  const folder = `apps/${name}`;
  return {
    files: {
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text])),
      [`${folder}/package.json`]: manifest(root, name),
    },
    edits: [{ file: routes, change: before(';\n\nexport const defineRoute', ` | '${name}'`) }],
    next: [
      'npm install && npm run lockfile, then npm run generate for its openapi.json',
      `tools/stack/services/table.ts: { name: '${name}', port: ${port}, needs: ['database', 'redis', 'rabbitmq'] }`,
      "apps/gateway/src/platform/services.ts: its name, so that the platform's health tells of it",
      'kong/kong.yml: a service, and one anchored path for each of its resources',
      'docker-compose.yml and deploy/docker: the container, its secrets, its database; npm test -- jest says what is missing',
      `npm run new -- feature ${name} <names>`,
    ],
  };
}

/** With the versions that the other services have. */
function manifest(root: string, name: string): string {
  const read = (service: string) =>
    JSON.parse(readFileSync(join(root, 'apps', service, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
  const model = read('analytics');
  const { uuid = '*' } = read('gateway').dependencies;
  const dependencies = Object.fromEntries(Object.entries({ ...model.dependencies, uuid }).toSorted());
  return JSON.stringify({ ...model, name: `@parley/${name}`, description: `What ${name} is for.`, dependencies });
}
