import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StackFailure } from '../failure.ts';
import { run } from './run.ts';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where things go that a home or a checkout in a closed folder such as /root would hide from PostgreSQL's account. */
const openFolder = '/var/lib/parley';

/** The account for PostgreSQL, which refuses to run as root: undefined (our own) unless we are root, then `postgres`. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  if (!(await run('id', ['-u', 'postgres'])).ok) {
    const created = await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    if (!created.ok) {
      throw new StackFailure(
        `PostgreSQL does not run as root, and an account for it could not be made (${created.output.trim()}): run as another user, or give a server by PARLEY_DATABASE_URL.`,
      );
    }
  }
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).output);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** The folder of PostgreSQL's programs as its account can reach it: their own place, or a copy in an open folder. */
export async function reachablePrograms(programs: string, version: string, account?: Account): Promise<string> {
  if (account === undefined || (await canReach(join(programs, 'bin/postgres'), account))) return programs;
  const copy = join(openFolder, `postgres-${version}`);
  if (!existsSync(copy)) {
    mkdirSync(openFolder, { recursive: true, mode: 0o755 });
    const partial = `${copy}.${process.pid}`;
    cpSync(programs, partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, copy);
  }
  return copy;
}

/** The folder for the data: `<home>/postgres`; where the account cannot reach the home, a link from there to an open folder. */
export async function reachableFolder(home: string, account?: Account): Promise<string> {
  const folder = join(home, 'postgres');
  if (!existsSync(folder)) {
    rmSync(folder, { force: true });
    if (account === undefined || (await canReach(home, account))) mkdirSync(folder, { mode: 0o700 });
    else symlinkSync(newOpenFolder(home), folder);
    if (account) chownSync(folder, account.uid, account.gid);
  }
  return realpathSync(folder);
}

/** Named after the home, so that each home finds its own. */
function newOpenFolder(home: string): string {
  const folder = join(openFolder, createHash('sha256').update(home).digest('hex').slice(0, 12));
  mkdirSync(openFolder, { recursive: true, mode: 0o755 });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

const canReach = async (path: string, account: Account): Promise<boolean> =>
  (await run('test', ['-x', path], { account, cwd: '/' })).ok;
