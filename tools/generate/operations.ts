/** The part of an OpenAPI document that says who may call what. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly 'x-permission'?: string }>>>>;
}

/** Operations that the edge routes, as `METHOD /path`, by `x-permission`: `public`, `authenticated` or a permission. */
export function operationsByAccess(documents: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const operations = documents
    .map((text) => JSON.parse(text) as Document)
    .flatMap(({ paths }) => Object.entries(paths))
    .filter(([path]) => !path.startsWith('/internal/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        access: operation['x-permission'] ?? '',
      })),
    );
  const byAccess = Map.groupBy(operations, ({ access }) => access);
  return new Map(Array.from(byAccess, ([access, those]) => [access, those.map(({ name }) => name)]));
}
