/** A failure that the person at the keyboard can do something about: its message is the one sentence that says what. */
export class StackFailure extends Error {
  override readonly name = 'StackFailure';
}

const diskFull = 'The disk is full: free some space (1 GB is enough) and start again.';

/** What a program's last words mean for its user; undefined where they say nothing we know. */
const knownCauses: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|ENOSPC|disk full/i, diskFull],
  [
    /database files are incompatible|was initialized by PostgreSQL version/i,
    'The data was written by another version of PostgreSQL: start that version once more to save it, or start anew with `npm run stack -- reset`.',
  ],
  [
    /Temporary failure resolving|Could not resolve|Network is unreachable|Connection timed out|Could not connect to|Unable to connect/i,
    'The package archive cannot be reached: check the network and start again.',
  ],
  [
    /Address already in use|EADDRINUSE|eaddrinuse/,
    'A port it needs was taken meanwhile: start again, or choose other ports with PARLEY_PORT and PARLEY_PORT_BASE.',
  ],
];

/** The sentence for the first cause known in a program's output. */
export const explain = (output: string): string | undefined =>
  knownCauses.find(([pattern]) => pattern.test(output))?.[1];

/** The system's code of an error, such as `ENOENT`. */
export const errorCode = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** The sentence for any error that reaches the command line; undefined for a defect, which deserves its stack. */
export function sentenceFor(error: unknown): string | undefined {
  if (error instanceof StackFailure) return error.message;
  const code = errorCode(error);
  if (code === 'ENOSPC') return diskFull;
  if (code === 'EACCES' || code === 'EPERM') {
    return `No permission (${(error as Error).message}): run as the user who owns the checkout, or give another folder by PARLEY_HOME.`;
  }
  return undefined;
}
