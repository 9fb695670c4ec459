import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../report.ts';
import type { ScreenFacts } from '../terminal/screen.ts';

/** What a command asks of the running stack; one JSON line each. */
export type Request =
  | { readonly kind: 'status' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'restart'; readonly service: string }
  | { readonly kind: 'scale'; readonly service: string; readonly count: number }
  | { readonly kind: 'stop-server' | 'start-server'; readonly server: string }
  /** What a service's first instance is told, for a command beside it. */
  | { readonly kind: 'environment'; readonly service: string }
  /** Takes a service's instances out, so that one can be run by hand in their place. */
  | { readonly kind: 'lend'; readonly service: string }
  | { readonly kind: 'take-back'; readonly service: string };

/** What the stack answers: any number of progress lines, then one of the others. */
export type Reply =
  | { readonly progress: Progress }
  | { readonly failure: string }
  | { readonly done: Status | Readonly<Record<string, string>> | null };

/** One running thing, for the status table. */
export interface StatusRow {
  readonly name: string;
  readonly state: string;
  readonly address: string;
  readonly pid?: number | undefined;
  readonly crashes?: number;
}

export interface Status {
  readonly pid: number;
  readonly screen: ScreenFacts;
  readonly env: Readonly<Record<string, string>>;
  readonly rows: readonly StatusRow[];
}

/** Longer paths do not fit a socket's address on every system (104 bytes on macOS). */
const maxSocketPath = 100;

/** Where the stack of a home listens: in the home, or for a long path in the system's folder for temporary files. */
export function socketPath(home: string): string {
  const path = join(home, 'run', 'control.sock');
  if (Buffer.byteLength(path) <= maxSocketPath) return path;
  return join(tmpdir(), `parley-${createHash('sha256').update(home).digest('hex').slice(0, 16)}.sock`);
}
