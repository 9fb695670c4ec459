import type { OpenAPIObject } from '@nestjs/swagger';

export interface ServiceDocument {
  readonly service: string;
  readonly document: OpenAPIObject;
}

/**
 * One document of several services' ones. A schema that two services define differently stays with both, the later one
 * under the name `<service>_<Name>`; a path belongs to the first service that describes it.
 */
export function mergeDocuments(info: OpenAPIObject['info'], services: readonly ServiceDocument[]): OpenAPIObject {
  const schemas: Schemas = {};
  const paths: OpenAPIObject['paths'] = {};
  const securitySchemes: Schemas = {};
  const headers: Schemas = {};
  for (const { service, document } of services) {
    const { document: own, added } = settleNames(service, document, schemas);
    Object.assign(schemas, added);
    Object.assign(securitySchemes, own.components?.securitySchemes);
    Object.assign(headers, own.components?.headers);
    for (const [path, item] of Object.entries(own.paths)) if (isPublic(path)) paths[path] ??= tagged(item, service);
  }
  const tags = services.map(({ service, document }) => ({
    name: service,
    description: document.info.description ?? '',
  }));
  return { openapi: '3.1.0', info, tags, paths, components: { schemas, securitySchemes, headers } } as OpenAPIObject;
}

type Schemas = Record<string, unknown>;
type PathItem = OpenAPIObject['paths'][string];

const isPublic = (path: string): boolean => !path.startsWith('/internal/');

/** Gives the document's schemas names that are free, or taken by the very same schema. */
function settleNames(service: string, document: OpenAPIObject, taken: Schemas) {
  const own = Object.entries((document.components?.schemas ?? {}) as Schemas);
  const clashes = own.filter(
    ([name, schema]) => name in taken && JSON.stringify(taken[name]) !== JSON.stringify(schema),
  );
  const renamed = clashes.reduce(
    (text, [name]) => text.replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/${service}_${name}"`),
    JSON.stringify(document),
  );
  const settled = JSON.parse(renamed) as OpenAPIObject;
  const clashing = new Set(clashes.map(([name]) => name));
  const added = Object.fromEntries(
    Object.entries((settled.components?.schemas ?? {}) as Schemas).map(([name, schema]) => [
      clashing.has(name) ? `${service}_${name}` : name,
      schema,
    ]),
  );
  return { document: settled, added };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The reference groups operations by service. */
function tagged(item: PathItem, service: string): PathItem {
  const operations = methods.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [[method, { ...operation, tags: [service] }] as const];
  });
  return { ...item, ...Object.fromEntries(operations) };
}
