import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';

/** `parley-gateway` for a main file in the package @parley/gateway, so that traces are named without configuration. */
export function serviceNameOf(main: string): string {
  const manifest = findPackageJSON(pathToFileURL(main));
  const { name } = (manifest === undefined ? {} : JSON.parse(readFileSync(manifest, 'utf8'))) as { name?: string };
  return name?.replace('@', '').replace('/', '-') ?? 'parley';
}
