import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the first of these programs that there is: a name is looked up on the PATH, a path is taken as it is. */
export function findProgram(candidates: readonly string[], path = process.env['PATH'] ?? ''): string | undefined {
  return candidates
    .flatMap((name) => (name.includes('/') ? [name] : searchPath(path).map((folder) => join(folder, name))))
    .find(isExecutable);
}

/** Where distributions and Homebrew put servers, though not on everybody's PATH. */
const serverFolders = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin', '/opt/homebrew/bin'];

const searchPath = (path: string): string[] => [...path.split(delimiter).filter(Boolean), ...serverFolders];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
