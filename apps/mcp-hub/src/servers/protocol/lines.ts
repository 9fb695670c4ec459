const newline = 0x0a;

/** A line went over its limit without an end. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

/** Cuts a stream of bytes into lines, and holds no more of it than one line may have. */
export class Lines {
  private parts: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /**
   * The lines that end in this chunk, without their ends.
   * @throws LineTooLong
   */
  *read(chunk: Buffer): Generator<string, void, void> {
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
    if (this.bytes > this.maxBytes) throw new LineTooLong(`a line has more than ${this.maxBytes} bytes`);
    this.parts.push(part);
  }

  private take(): string {
    const [first, ...more] = this.parts;
    const line = first === undefined || more.length > 0 ? Buffer.concat(this.parts) : first;
    this.parts = [];
    this.bytes = 0;
    return line.toString();
  }
}
