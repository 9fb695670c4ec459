import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimHome, ownerOf, releaseHome } from '../processes/owner.ts';

const prefix = 'parley-test-';

/** A home that lasts as long as its process, for tests. Those of processes that were killed are cleared away first. */
export async function temporaryHome(): Promise<string> {
  const parent = realpathSync(tmpdir());
  for (const name of readdirSync(parent).filter((name) => name.startsWith(prefix))) await sweep(join(parent, name));
  const home = mkdtempSync(join(parent, prefix));
  await claimHome(home);
  return home;
}

export function removeTemporaryHome(home: string): void {
  releaseHome(home);
  rmSync(home, { recursive: true, force: true });
}

/** One that was only just made has no owner yet, so it is left alone for a minute. */
async function sweep(home: string): Promise<void> {
  if (ownerOf(home) !== undefined || isNew(home)) return;
  try {
    await claimHome(home);
    removeTemporaryHome(home);
  } catch {
    // Another start is clearing it away at this moment, or it belongs to another user.
  }
}

const isNew = (home: string): boolean => Date.now() - statSync(home).mtimeMs < 60_000;
