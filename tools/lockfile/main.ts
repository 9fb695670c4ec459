/** `npm run lockfile` adds what package-lock.json lacks for other platforms; with `--check` it only says so. */
import { readFileSync, writeFileSync } from 'node:fs';
import { missingPlatforms, withAllPlatforms, type Lockfile } from './platforms.ts';

const file = new URL('../../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
const missing = Object.keys(missingPlatforms(lock));

if (!process.argv.includes('--check')) {
  writeFileSync(file, `${JSON.stringify(withAllPlatforms(lock), null, 2)}\n`);
  console.log(`Added ${missing.length} packages of other platforms to package-lock.json.`);
} else if (missing.length > 0) {
  console.error(`package-lock.json lacks ${missing.join(', ')}; \`npm run lockfile\` adds them.`);
  process.exitCode = 1;
}
