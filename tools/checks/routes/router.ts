import type { KongFile, KongRoute } from './kong-schema.ts';

/** One path of a route, with the service that it leads to; none where a plugin answers. */
export interface Entry {
  readonly path: string;
  readonly route: KongRoute;
  readonly service: string | undefined;
}

export const entriesOf = (file: KongFile): readonly Entry[] => [
  ...file.services.flatMap(({ name, routes }) => routes.flatMap((route) => entries(route, name))),
  ...(file.routes ?? []).flatMap((route) => entries(route, undefined)),
];

const entries = (route: KongRoute, service: string | undefined): Entry[] =>
  route.paths.map((path) => ({ path, route, service }));

/**
 * The entries that Kong would choose from for a path: more than one means that it promises no order (kong/router, flavour
 * traditional_compatible: a regex before a prefix, then the higher regex_priority, or the longer prefix).
 */
export function winners(all: readonly Entry[], path: string): readonly Entry[] {
  const matching = all.filter((entry) => matches(entry.path, path));
  const best = Math.max(...matching.map(weight));
  return matching.filter((entry) => weight(entry) === best);
}

const matches = (pattern: string, path: string): boolean =>
  pattern.startsWith('~') ? new RegExp(`^${pattern.slice(1)}`).test(path) : path.startsWith(pattern);

const longestPath = 10_000;

const weight = ({ path, route }: Entry): number =>
  path.startsWith('~') ? longestPath + (route.regex_priority ?? 0) : path.length;
