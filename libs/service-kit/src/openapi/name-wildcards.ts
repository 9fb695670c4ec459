import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;

/** What a route that ends in a wildcard takes: an id that may contain slashes. */
const name = 'id';
/** The wildcard's name in swagger's paths, and in the parameter that Fastify fills. */
const [inPath, inParameter] = ['{path}', '*'];

/** Gives a wildcard one name in path and parameter, where Fastify and swagger each have their own. */
export const nameWildcards = (paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, item]) =>
      JSON.stringify(item).includes(`"name":"${inParameter}"`)
        ? [path.replace(inPath, `{${name}}`), mapOperations(item, renamed)]
        : [path, item],
    ),
  );

const mapOperations = (item: Paths[string], map: (operation: Operation) => Operation): Paths[string] =>
  Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, map(operation as Operation)]));

const renamed = (operation: Operation): Operation => ({
  ...operation,
  parameters: (operation.parameters ?? []).map((parameter) =>
    'name' in parameter && parameter.name === inParameter ? { ...parameter, name } : parameter,
  ),
});
