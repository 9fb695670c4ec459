import { createRequire } from 'node:module';

/** The very copy of a library that a package of the workspace uses, by the folder of that package. */
export const libraryOf = <Library>(folder: string, name: string): Library =>
  createRequire(new URL(`../../${folder}/package.json`, import.meta.url))(name) as Library;
