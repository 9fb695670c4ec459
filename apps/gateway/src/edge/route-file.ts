import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { honoured, type CorsConfig, type Honoured } from './honoured.js';
import { RouteTable, type EdgeRoute } from './route-table.js';

/** The public surface as kong/kong.yml describes it. */
export interface EdgeRules {
  readonly routes: RouteTable;
  readonly cors: CorsConfig | undefined;
}

/** @throws Error that names everything in the file that the embedded edge does not honour. */
export function readRouteFile(file: string): EdgeRules {
  return toRules(parseRouteFile(readFileSync(file, 'utf8'), file));
}

/** @throws Error as `readRouteFile` does */
export function parseRouteFile(text: string, name: string): Honoured {
  const parsed = honoured.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${name}: ${parsed.error.issues.flatMap(sentences).join('; ')}`);
}

function sentences(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${place([...issue.path, key])} is not honoured by the embedded edge`);
  return [`${place(issue.path)} ${issue.message}`];
}

const place = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');

export function toRules(file: Honoured): EdgeRules {
  const served = file.services.flatMap(({ name, read_timeout, routes }) =>
    routes.map((route) => ({ ...toRoute(route), service: name, readTimeoutMs: read_timeout })),
  );
  return {
    routes: new RouteTable([...served, ...file.routes.map(toRoute)]),
    cors: file.plugins.find((plugin) => plugin.name === 'cors')?.config,
  };
}

const toRoute = ({ name, paths, regex_priority, plugins }: Honoured['routes'][number]): EdgeRoute => ({
  name,
  paths,
  regexPriority: regex_priority,
  errorFormat: plugins.find((plugin) => plugin.name === 'parley-auth')?.config.error_format,
  termination: plugins.find((plugin) => plugin.name === 'request-termination')?.config,
});
