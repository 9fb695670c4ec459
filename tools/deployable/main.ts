/** `npx nx deployable <app>`: writes `dist/apps/<app>`, a folder that runs outside of the workspace. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDeployable } from './folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [name] = process.argv.slice(2);
if (name === undefined) {
  console.error('Usage: npx nx deployable <app>');
  process.exit(2);
}
console.log(`Wrote ${relative(process.cwd(), await writeDeployable(root, name))}`);
