import { demandsCredential } from '../openapi/document.ts';
import type { KongFile } from './kong-schema.ts';
import { entriesOf, winners, type Entry } from './router.ts';

interface Operation {
  readonly security?: readonly object[];
}
/** What of a service's OpenAPI document matters here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
export type ApiDocuments = Readonly<Record<string, ApiDocument>>;

/** Never to be had from outside. Each instance has a /health about itself; the platform's is the gateway's. */
const hidden = ['/internal/auth/exchange', '/internal', '/metrics', '/health/live', '/health/ready'];
const isHidden = (service: string, path: string): boolean =>
  path.startsWith('/internal/') || hidden.includes(path) || (path === '/health' && service !== 'gateway');

/** The browsable reference describes operations and is none itself. */
const pages = [{ service: 'gateway', path: '/docs' }];

/** Sentences about everything in which the route table and the services' documents disagree. */
export function faults(file: KongFile, documents: ApiDocuments): readonly string[] {
  const all = entriesOf(file);
  const operations = Object.entries(documents).flatMap(([service, document]) =>
    Object.entries(document.paths)
      .filter(([path]) => !isHidden(service, path))
      .map(([path, methods]) => ({ service, path, methods })),
  );
  return [
    ...duplicates(file),
    ...file.services.filter(({ name }) => !documents[name]).map(({ name }) => `${name} has no openapi.json to check`),
    ...operations.flatMap(({ service, path, methods }) => unreached(all, service, path, methods)),
    ...all
      .filter(({ service }) => service !== undefined)
      .flatMap((entry) => leadsNowhere(all, entry, [...operations, ...pages])),
    ...hidden.flatMap((path) => exposed(all, path)),
  ];
}

/** Kong wants the names of services, and those of routes, to be unique. */
function duplicates(file: KongFile): string[] {
  const routes = [...file.services.flatMap((service) => service.routes), ...(file.routes ?? [])];
  return [file.services, routes].flatMap((named) => {
    const names = named.map(({ name }) => name);
    return names.filter((name, at) => names.indexOf(name) !== at).map((name) => `the name ${name} is given twice`);
  });
}

const sample = (path: string): string => path.replace(/\{[^}]+\}/g, 'x');

function unreached(
  all: readonly Entry[],
  service: string,
  path: string,
  methods: Readonly<Record<string, Operation>>,
): string[] {
  const [winner, ...others] = winners(all, sample(path));
  if (winner?.service === undefined) return [`${service} serves ${path}, which no route reaches`];
  if (others.length > 0)
    return [`${path} is matched by ${[winner, ...others].map(({ route }) => route.name).join(' and ')} alike`];
  if (winner.service !== service) return [`${service} serves ${path}, which leads to ${winner.service}`];
  return Object.entries(methods).flatMap(([method, operation]) => misguarded(winner, path, method, operation));
}

/** A credential is exchanged at the edge or nowhere. */
function misguarded({ route }: Entry, path: string, method: string, operation: Operation): string[] {
  const guarded = route.plugins?.some(({ name }) => name === 'parley-auth') ?? false;
  const closed = demandsCredential(operation);
  if (guarded === closed) return [];
  const what = `${method.toUpperCase()} ${path}`;
  return [
    closed
      ? `${what} wants a credential, but its route has no parley-auth`
      : `${what} is public, but its route has parley-auth`,
  ];
}

function leadsNowhere(
  all: readonly Entry[],
  entry: Entry,
  operations: readonly { readonly service: string; readonly path: string }[],
): string[] {
  const reached = operations.some(
    ({ service, path }) => service === entry.service && winners(all, sample(path)).includes(entry),
  );
  return reached
    ? []
    : [`the path ${entry.path} of route ${entry.route.name} leads to no operation of ${entry.service ?? ''}`];
}

const exposed = (all: readonly Entry[], path: string): string[] =>
  winners(all, path)
    .filter(({ service }) => service !== undefined)
    .map(({ route }) => `${path} is reachable from outside by the route ${route.name}`);
