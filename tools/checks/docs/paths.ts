import { dirname, join, matchesGlob } from 'node:path/posix';
import { has, type Repository } from './repository.ts';

/** Folders that are written by a build or a run, so that a fresh checkout lacks them. */
const written = /(?:^|\/)(?:dist|node_modules|coverage|\.parley|\.nx)(?:\/|$)/;

/** Characters of a path, with placeholders (`<service>`) and glob patterns. */
const pathLike = /^[\w.@<>*{},+-]+(?:\/[\w.@<>*{},+-]+)*\/?$/;

/** A file of ours by its bare name. */
const fileName = /^[\w-]+(?:\.[\w-]+)*\.(?:md|json|mjs|ts|ya?ml|lua|toml|sql)$/;

/** A code span's problem, or undefined when it names something that exists or is no path of ours. */
export function pathProblem(span: string, document: string, repository: Repository): string | undefined {
  const path = span.replace(/^\.\//, '').replaceAll(/<[^>]+>/g, '*');
  if (!pathLike.test(path) || written.test(path)) return undefined;
  if (fileName.test(path)) return isFileName(path, repository) ? undefined : `no file has this name: ${span}`;
  if (!path.includes('/')) return undefined;
  const places = [path, join(dirname(document), path)];
  const isOurs = has(repository, firstOf(path)) || has(repository, join(dirname(document), firstOf(path)));
  return !isOurs || places.some((place) => exists(place, repository)) ? undefined : `no such path: ${span}`;
}

const firstOf = (path: string): string => path.slice(0, path.indexOf('/'));

const isFileName = (name: string, { files }: Repository): boolean =>
  files.some((file) => file === name || file.endsWith(`/${name}`));

const exists = (path: string, repository: Repository): boolean =>
  /[*{]/.test(path) ? repository.files.some((file) => matchesGlob(file, path)) : has(repository, path);
