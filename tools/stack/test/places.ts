import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A home for one test, and what removes it. */
export function newHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'parley-stack-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Polls until the condition holds, by default for at most ten seconds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
