/** The parts of a package-lock.json (lockfileVersion 3) that pruning looks at. */
export interface Lockfile {
  readonly name: string;
  readonly version?: string;
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage extends Manifest {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optional?: boolean;
}

/** A package.json, as far as it says what else is needed. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * The workspace's lockfile, cut down to what one application needs to run, with the application as its root:
 * every package keeps the version that the workspace was tested with.
 */
export function pruneLockfile(lock: Lockfile, application: string): Lockfile {
  const own = `${application}/node_modules/`;
  const needed = [...reachable(lock.packages, application)].filter((path) => path !== application);
  const moved = new Map(needed.map((path) => [path.startsWith(own) ? path.slice(application.length + 1) : path, path]));
  if (moved.size < needed.length) {
    const twice = needed.filter((path) => path.startsWith(own) && needed.includes(path.slice(application.length + 1)));
    throw new Error(`${application} and a library need different versions of one package: ${twice.join(', ')}`);
  }
  const paths = [...moved.keys()].sort((a, b) => a.localeCompare(b, 'en'));
  return {
    ...lock,
    name: lock.packages[application]?.name ?? application,
    packages: Object.fromEntries([
      ['', deployed({ ...lock.packages[application], workspaces: ['libs/*'] })],
      ...paths.map((path) => [path, deployed(lock.packages[moved.get(path) ?? path] ?? {})] as const),
    ]),
  };
}

/** A manifest as it is deployed: what only development needs is left out. */
export function deployed<T extends Manifest>(manifest: T): Omit<T, 'devDependencies' | 'scripts'> {
  const { devDependencies, scripts, ...rest } = manifest;
  return rest;
}

/** Paths of all packages that `start` needs at run time, itself included. */
function reachable(packages: Lockfile['packages'], start: string): Set<string> {
  const found = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = packages[path];
    if (entry === undefined || found.has(path)) continue;
    found.add(path);
    if (entry.link === true && entry.resolved !== undefined) waiting.push(entry.resolved);
    for (const name of needs(entry)) {
      const at = resolve(packages, path, name);
      if (at !== undefined) waiting.push(at);
    }
  }
  return found;
}

/** npm installs a peer dependency too, unless it is optional. */
function needs({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: Manifest): string[] {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** Node's own search: the nearest node_modules upwards from the package that asks. */
function resolve(packages: Lockfile['packages'], from: string, name: string): string | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}

const parentOf = (folder: string): string => folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
