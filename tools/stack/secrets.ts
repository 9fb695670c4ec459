import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, StackFailure } from './failure.ts';

/**
 * Secrets of one home in `secrets.json`, mode 0600: each is made when it is first asked for and kept from then on.
 * One process writes at a time (the one that holds the home).
 */
export class Secrets {
  readonly #file: string;

  constructor(home: string) {
    this.#file = join(home, 'secrets.json');
  }

  /** The secret of that name; by default 32 letters and digits, which need no quoting anywhere. */
  get(name: string, make: () => string = randomWord): string {
    const values = read(this.#file);
    const kept = values[name];
    if (kept !== undefined) return kept;
    const made = make();
    this.#write({ ...values, [name]: made });
    return made;
  }

  /** Replaced in one step, so that a full disk or a crash leaves the old file whole. */
  #write(values: Readonly<Record<string, string>>): void {
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

const randomWord = (): string => randomBytes(16).toString('hex');

function read(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw new StackFailure(`${file} cannot be read: repair it, or begin anew with \`npm run stack -- reset\`.`);
  }
}
