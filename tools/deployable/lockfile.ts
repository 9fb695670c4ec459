import { needsOf, type LockedPackage, type Lockfile, type Manifest, type Packages } from './resolution.ts';

/**
 * The workspace's lockfile, cut down to what one application needs to run, with the application as its root:
 * every package finds the versions that the workspace was tested with.
 */
export function pruneLockfile(lock: Lockfile, application: string): Lockfile {
  const needs = needsOf(lock.packages, application);
  const places = placesOf(lock.packages, application);
  const entries = new Map<string, LockedPackage>();
  for (const path of new Set(needs.map(({ to }) => to))) {
    const entry = deployed(lock.packages[path] ?? {});
    for (const place of places(path)) entries.set(place, entry);
  }
  const root = deployed({ ...lock.packages[application], workspaces: ['libs/*'] });
  const sorted = [...entries].sort(([a], [b]) => a.localeCompare(b, 'en'));
  const packages = Object.fromEntries<LockedPackage>([['', root], ...sorted]);
  demandSameVersions(lock.packages, application, packages);
  return { ...lock, name: root.name ?? application, packages };
}

/** A manifest as it is deployed: what only development needs is left out. */
export function deployed<T extends Manifest>(manifest: T): Omit<T, 'devDependencies' | 'scripts'> {
  const { devDependencies, scripts, ...rest } = manifest;
  return rest;
}

/**
 * Where a package of the workspace goes. The application's own node_modules becomes the top one; a package that it
 * pushes out from there goes into the node_modules of each package that asks for it.
 */
function placesOf(packages: Packages, application: string): (path: string) => string[] {
  const own = `${application}/node_modules/`;
  const needs = needsOf(packages, application);
  const moved = (path: string): string => (path.startsWith(own) ? path.slice(application.length + 1) : path);
  const ownTops = needs.map(({ to }) => to).filter((to) => to.startsWith(own));
  return (path) => {
    const pushedOutBy = ownTops.find((top) => !path.startsWith(own) && `${path}/`.startsWith(`${moved(top)}/`));
    if (pushedOutBy === undefined) return [moved(path)];
    const top = moved(pushedOutBy);
    const askers = needs.filter(({ to }) => to === top).map(({ from }) => moved(from));
    return askers.map((asker) => `${asker}/${path}`);
  };
}

/** @throws Error where a package would find another version than it does in the workspace. */
function demandSameVersions(before: Packages, application: string, after: Packages): void {
  const tested = findings(before, application);
  const surprise = [...findings(after, '')].find((one) => !tested.has(one));
  if (surprise !== undefined) throw new Error(`The deployable of ${application} would differ: ${surprise}`);
}

/** Who finds which version of what, as sentences that do not depend on the layout. */
function findings(packages: Packages, start: string): Set<string> {
  const nameAt = (path: string): string => {
    const name = path === start ? 'the application' : path.split('node_modules/').at(-1);
    return `${name}@${packages[path]?.version ?? ''}`;
  };
  return new Set(needsOf(packages, start).map(({ from, to }) => `${nameAt(from)} finds ${nameAt(to)}`));
}
