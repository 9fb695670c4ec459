/** The parts of a package-lock.json (lockfileVersion 3) that pruning looks at. */
export interface Lockfile {
  readonly name: string;
  readonly version?: string;
  readonly lockfileVersion: number;
  readonly packages: Packages;
}

/** By path from the root of the lockfile: `node_modules/a/node_modules/b`; the root itself is ''. */
export type Packages = Readonly<Record<string, LockedPackage>>;

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

/** One package that needs another: where it is, by which name it asks, and where Node finds the answer. */
export interface Need {
  readonly from: string;
  readonly name: string;
  readonly to: string;
}

/** Everything that the package at `start` needs at run time, directly or not. */
export function needsOf(packages: Packages, start: string): Need[] {
  const needs: Need[] = [];
  const seen = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = packages[path];
    if (entry === undefined || seen.has(path)) continue;
    seen.add(path);
    if (entry.link === true && entry.resolved !== undefined) {
      needs.push({ from: path, name: '', to: entry.resolved });
      waiting.push(entry.resolved);
    }
    for (const name of namesIn(entry)) {
      const to = resolve(packages, path, name);
      if (to === undefined) continue;
      needs.push({ from: path, name, to });
      waiting.push(to);
    }
  }
  return needs;
}

/** npm installs a peer dependency too, unless it is optional. */
function namesIn({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: Manifest): string[] {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** Node's own search: the nearest node_modules upwards from the package that asks. */
function resolve(packages: Packages, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}
