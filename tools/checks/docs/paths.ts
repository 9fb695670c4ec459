import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders that are written by a build or a run, so that a fresh checkout lacks them. */
const written = /(?:^|\/)(?:dist|node_modules|coverage|\.parley|\.nx)(?:\/|$)/;

/** Characters of a path, with placeholders (`<service>`) and glob patterns. */
const pathLike = /^[\w.@<>*{},+-]+(?:\/[\w.@<>*{},+-]+)*\/?$/;

/** A file of ours by its bare name. */
const fileName = /^[\w-]+(?:\.[\w-]+)*\.(?:md|json|mjs|ts|ya?ml|lua|toml|sql)$/;

/**
 * Judges the code spans of the documents in `root` that read like paths of the repository; `files` are all its files.
 * Answers a span's problem, or undefined when it names something that exists or is no path of ours.
 */
export function pathChecker(root: string, files: readonly string[]) {
  const topLevel = new Set(files.map((file) => firstOf(file)));
  const names = new Set(files.map((file) => file.slice(file.lastIndexOf('/') + 1)));

  return (span: string, document: string): string | undefined => {
    const path = span.replace(/^\.\//, '').replaceAll(/<[^>]+>/g, '*');
    if (!pathLike.test(path) || written.test(path)) return undefined;
    if (fileName.test(path)) return names.has(path) ? undefined : `no file has this name: ${span}`;
    const here = join(root, dirname(document));
    const isOurs = path.includes('/') && (topLevel.has(firstOf(path)) || existsSync(join(here, firstOf(path))));
    return !isOurs || exists(root, path) || exists(here, path) ? undefined : `no such path: ${span}`;
  };
}

const firstOf = (path: string): string => path.split('/')[0] ?? '';

const exists = (from: string, path: string): boolean =>
  /[*{]/.test(path) ? globSync(path, { cwd: from }).length > 0 : existsSync(join(from, path));
