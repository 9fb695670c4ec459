const newline = 0x0a;
/** Kept of each end of a line that is too long, in bytes. */
const edge = 256;

/** A line that was too long, as far as it was kept. */
export interface Overlong {
  readonly head: string;
  readonly tail: string;
  readonly bytes: number;
}

/** Cuts a stream of bytes into lines. A line over the limit is skipped up to its end, and only its two ends are kept. */
export class Lines {
  private parts: Buffer[] = [];
  private bytes = 0;
  private head: string | undefined;
  private tail = Buffer.alloc(0);

  /** `maxBytes`: 256 at the least, the length of an end. */
  constructor(private readonly maxBytes: number) {}

  /** What has come of the line that has not ended yet, whether it was kept or not. */
  get openBytes(): number {
    return this.bytes;
  }

  /** The lines that end in this chunk, without their ends. */
  *read(chunk: Buffer): Generator<string | Overlong, void, void> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.add(chunk.subarray(start, end));
      yield this.take();
      start = end + 1;
    }
    if (start < chunk.length) this.add(chunk.subarray(start));
  }

  private add(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes <= this.maxBytes) this.parts.push(part);
    else this.skip(part);
  }

  private skip(part: Buffer): void {
    const known = Buffer.concat([...this.parts, part]);
    this.parts = [];
    this.head ??= known.toString('utf8', 0, edge);
    // A copy: a part of the chunk would keep all of it in memory.
    this.tail = Buffer.from(Buffer.concat([this.tail, known.subarray(-edge)]).subarray(-edge));
  }

  private take(): string | Overlong {
    const { parts, head, bytes } = this;
    const tail = this.tail.toString();
    this.parts = [];
    this.bytes = 0;
    this.head = undefined;
    this.tail = Buffer.alloc(0);
    if (head !== undefined) return { head, tail, bytes };
    const [first, ...more] = parts;
    return (first === undefined || more.length > 0 ? Buffer.concat(parts) : first).toString();
  }
}
