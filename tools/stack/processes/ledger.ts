import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup, groupLives } from './groups.ts';
import { identify, isAlive, type ProcessId } from './process-id.ts';

interface Entry extends ProcessId {
  readonly name: string;
  /** The signal that asks the process to end. */
  readonly stopSignal: NodeJS.Signals;
}

/** How long a leftover may take to end by itself before it is killed. */
const graceMs = 10_000;

/**
 * What runs for a home, on disk, so that a later start knows what an earlier one left behind.
 * Every entry is the leader of a process group of its own.
 */
export class Ledger {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, 'run');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const id = identify(pid);
    if (id)
      writeFileSync(this.#file(name), JSON.stringify({ name, ...id, stopSignal } satisfies Entry), { mode: 0o600 });
  }

  remove(name: string): void {
    rmSync(this.#file(name), { force: true });
  }

  /** Ends all that is recorded and still runs. */
  async endLeftovers(): Promise<readonly string[]> {
    const leftovers = this.#entries().filter(isLeftover);
    await Promise.all(leftovers.map(({ pid, stopSignal }) => endGroup(pid, stopSignal, graceMs)));
    for (const { name } of this.#entries()) this.remove(name);
    return leftovers.map(({ name }) => name);
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.pid.json`);
  }

  #entries(): Entry[] {
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith('.pid.json'))
      .flatMap((file) => parse(readFileSync(join(this.#folder, file), 'utf8')));
  }
}

/** A record that was cut off by a crash or a full disk names nobody. */
function parse(text: string): Entry[] {
  try {
    return [JSON.parse(text) as Entry];
  } catch {
    return [];
  }
}

/**
 * The leader lives, or it is gone but its group is not: the kernel gives no pid again while a group bears its number,
 * so such a group is still ours. A living pid with another start time belongs to somebody else.
 */
const isLeftover = (entry: Entry): boolean => (identify(entry.pid) ? isAlive(entry) : groupLives(entry.pid));
