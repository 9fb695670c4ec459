import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployed, pruneLockfile } from './lockfile.ts';
import type { Lockfile, Manifest } from './resolution.ts';

/**
 * Writes `dist/apps/<name>`: the application's build and manifest, the builds of the libraries that it needs, and a
 * lockfile of nothing else, so that the folder stands alone: `npm ci --omit=dev`, then the command of its Dockerfile.
 * Answers the folder.
 */
export async function writeDeployable(root: string, name: string): Promise<string> {
  const application = `apps/${name}`;
  const folder = join(root, 'dist', application);
  const lock = pruneLockfile(await readJson<Lockfile>(join(root, 'package-lock.json')), application);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, 'package-lock.json'), lock);
  const manifest = await readJson<Manifest>(join(root, application, 'package.json'));
  await writeJson(join(folder, 'package.json'), { ...deployed(manifest), workspaces: ['libs/*'] });
  await cp(join(root, application, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const library of Object.keys(lock.packages).filter((path) => /^libs\/[^/]+$/.test(path))) {
    const source = join(root, library);
    await cp(join(source, 'dist'), join(folder, library, 'dist'), { recursive: true });
    await writeJson(
      join(folder, library, 'package.json'),
      deployed(await readJson<Manifest>(join(source, 'package.json'))),
    );
  }
  return folder;
}

const readJson = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;
const writeJson = (file: string, value: unknown): Promise<void> =>
  writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
