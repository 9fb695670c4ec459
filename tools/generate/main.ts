/** `npm run generate`: builds, and writes every committed file that is generated from the sources. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generators } from './generators.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

execFileSync('nx', ['run-many', '-t', 'build', '--output-style=static'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
/** The gateway's description is over Node's default of 1 MiB. */
const maxBuffer = 64 * 1024 * 1024;

for (const { output, script } of generators(root)) {
  const text = execFileSync(process.execPath, [join(root, script)], { cwd: root, encoding: 'utf8', maxBuffer });
  mkdirSync(dirname(join(root, output)), { recursive: true });
  writeFileSync(join(root, output), text);
  console.log(output);
}
