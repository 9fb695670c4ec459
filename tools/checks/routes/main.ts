/**
 * `node tools/checks/routes/main.ts`: kong/kong.yml has the form that Kong wants, and it and the services' committed
 * OpenAPI documents describe one and the same public surface.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { kongFile } from './kong-schema.ts';
import { faults, type ApiDocument, type ApiDocuments } from './surface.ts';

const root = join(import.meta.dirname, '../../..');

const documents: ApiDocuments = Object.fromEntries(
  readdirSync(join(root, 'apps'))
    .map((app) => [app, join(root, 'apps', app, 'openapi.json')] as const)
    .filter(([, file]) => existsSync(file))
    .map(([app, file]) => [app, JSON.parse(readFileSync(file, 'utf8')) as ApiDocument]),
);

const file = kongFile.safeParse(parse(readFileSync(join(root, 'kong/kong.yml'), 'utf8')));
const found = file.success
  ? faults(file.data, documents)
  : file.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);

for (const fault of found) console.error(`kong/kong.yml: ${fault}`);
if (found.length > 0) process.exitCode = 1;
else console.log(`kong/kong.yml and the documents of ${Object.keys(documents).join(', ')} agree`);
