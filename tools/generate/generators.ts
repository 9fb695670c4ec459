import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A committed file that is printed by a program; the programs need the build. */
export interface Generator {
  readonly output: string;
  readonly script: string;
}

export function generators(root: string): Generator[] {
  const services = readdirSync(join(root, 'apps')).filter((app) =>
    existsSync(join(root, 'apps', app, 'src/openapi.ts')),
  );
  return [
    { output: 'docs/events/asyncapi.json', script: 'tools/generate/asyncapi.ts' },
    ...services.map((app) => ({ output: `apps/${app}/openapi.json`, script: `apps/${app}/dist/openapi.js` })),
    { output: 'docs/guides/conformance.md', script: 'apps/gateway/test/dialects/conformance/main.ts' },
    // Reads the documents before it.
    { output: 'docs/guides/permissions.md', script: 'tools/generate/permissions.ts' },
  ];
}
