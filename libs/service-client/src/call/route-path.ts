export type PathParameters = Readonly<Record<string, string>>;
export type QueryParameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** Fills `:name` parameters into a route's path and appends the query; undefined query values are left out. */
export function routePath(path: string, params: PathParameters = {}, query: QueryParameters = {}): string {
  const filled = path.replace(/:([a-z_]+)/gi, (_, name: string) => {
    const value = params[name];
    // An empty or a dot segment would be another route.
    if (value === undefined || /^\.{0,2}$/.test(value)) throw new Error(`${path} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
  const entries = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  if (entries.length === 0) return filled;
  return `${filled}?${new URLSearchParams(entries).toString()}`;
}
