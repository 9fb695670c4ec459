/** What a document may refer to. */
export interface Repository {
  /** All files that a checkout has, by path from the root. */
  readonly files: readonly string[];
  textOf(file: string): string;
  /** Scripts of package.json. */
  readonly scripts: ReadonlySet<string>;
  /** Programs of the installed packages. */
  readonly programs: ReadonlySet<string>;
  /** Nx projects and their targets. */
  readonly projects: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
}

/** True for a file, and for a folder with files in it; a trailing slash does not matter. */
export const has = ({ files }: Repository, path: string): boolean => {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return path === '.' || files.some((file) => file === path || file.startsWith(folder));
};
