import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** How often a log is looked at for more. */
const intervalMs = 150;
/** A file is read in pieces of this size. */
const pieceBytes = 64 * 1024;

export interface FollowOptions {
  /** Lines that are there already and are given at once; default 0. */
  readonly lines?: number;
  /** False ends after those lines. Default true. */
  readonly onwards?: boolean;
}

/** Gives each line that is added to a file, from now on; answers the function that ends it. */
export function follow(file: string, onLine: (line: string) => void, options: FollowOptions = {}): () => void {
  const { lines = 0, onwards = true } = options;
  const reader = new Reader(file);
  const earlier = reader.read();
  if (lines > 0) earlier.slice(-lines).forEach(onLine);
  if (!onwards) return () => undefined;
  const timer = setInterval(() => reader.read().forEach(onLine), intervalMs);
  return () => clearInterval(timer);
}

/** Reads on from where it was; begins again when the file was replaced by a shorter one. */
class Reader {
  readonly #file: string;
  #position = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** The whole lines that came since. */
  read(): string[] {
    const lines = (this.#rest + this.#more()).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  #more(): string {
    const pieces: Buffer[] = [];
    let descriptor: number;
    try {
      descriptor = openSync(this.#file, 'r');
    } catch {
      return '';
    }
    try {
      if (fstatSync(descriptor).size < this.#position) this.#position = 0;
      for (;;) {
        const piece = Buffer.alloc(pieceBytes);
        const length = readSync(descriptor, piece, 0, pieceBytes, this.#position);
        if (length === 0) break;
        this.#position += length;
        pieces.push(piece.subarray(0, length));
      }
    } finally {
      closeSync(descriptor);
    }
    return Buffer.concat(pieces).toString();
  }
}
