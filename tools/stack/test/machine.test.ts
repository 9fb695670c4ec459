import { afterAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from '../home.ts';
import { newHome } from './places.ts';

// Real: the programs, and a file system and a network that they alone see (unshare(1), of Debian's util-linux).
const place = newHome();
afterAll(() => place.remove());

/** Whoever is not root is root in a user namespace of their own, where the kernel lets them. */
const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];

interface Ended {
  readonly code: number;
  readonly output: string;
}

const inNamespace = (kind: '--mount' | '--net', command: string, env: Readonly<Record<string, string>>) =>
  new Promise<Ended>((resolve) => {
    const options = { env: { ...process.env, ...env } };
    execFile('unshare', [...asRoot, kind, 'sh', '-c', command], options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });

it('a start on a full disk ends with a sentence that says what to free', async () => {
  const start = `mount -t tmpfs -o size=8m tmpfs '${place.home}' && exec '${process.execPath}' tools/stack/main.ts up --detach`;

  const { code, output } = await inNamespace('--mount', `cd '${workspace}' && ${start}`, {
    PARLEY_HOME: place.home,
    PARLEY_PORT: '18890',
    PARLEY_PORT_BASE: '15890',
  });

  expect(output).toContain('The disk is full: free some space (1 GB is enough) and start again.');
  expect(code).toBe(1);
}, 120_000);

it('a first start without a network ends with a sentence that names the registry', async () => {
  const checkout = join(place.home, 'checkout');
  for (const file of ['package.json', 'package-lock.json', 'tools/run.mjs'])
    cpSync(join(workspace, file), join(checkout, file));

  const { code, output } = await inNamespace('--net', `cd '${checkout}' && exec npm start`, {
    npm_config_cache: join(place.home, 'cache'),
    npm_config_fetch_retries: '0',
  });

  expect(output).toContain('The npm registry cannot be reached: check the network');
  expect(code).toBe(1);
}, 120_000);
