import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, StackFailure } from '../failure.ts';
import { openHome } from '../home.ts';
import { Ledger } from './ledger.ts';
import { identify, isAlive, type ProcessId } from './process-id.ts';

const ownerFile = (home: string): string => join(home, 'run', 'owner.json');

/** The living process that runs this home; undefined while none does. */
export function ownerOf(home: string): ProcessId | undefined {
  try {
    const owner = JSON.parse(readFileSync(ownerFile(home), 'utf8')) as ProcessId;
    return isAlive(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the one that runs the home, and ends what an earlier one left running there.
 * Claiming twice is the same as once. Answers the names of what was ended.
 * @throws StackFailure when another living process runs it.
 */
export async function claimHome(home: string): Promise<readonly string[]> {
  openHome(home);
  const owner = ownerOf(home);
  if (owner?.pid === process.pid) return [];
  if (owner)
    throw new StackFailure(
      `${home} is in use by process ${owner.pid}: stop that one, or give another folder by PARLEY_HOME.`,
    );
  rmSync(ownerFile(home), { force: true });
  try {
    writeFileSync(ownerFile(home), JSON.stringify(identify(process.pid)), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    throw new StackFailure(`${home} is being started by another process at this moment: wait for that one.`);
  }
  return new Ledger(home).endLeftovers();
}

/** Gives the home back. */
export const releaseHome = (home: string): void => rmSync(ownerFile(home), { force: true });
