import type { Readable } from 'node:stream';
import type { Clock, Log } from '@parley/service-kit';

/** Characters of a line that are looked at, and of those that are logged: the first is larger, so that no secret is cut in two. */
const maxReadChars = 8_192;
const maxLoggedChars = 2_000;
const maxLinesPerSecond = 50;
/** A shorter value is no secret, and would be found everywhere. */
const minSecretChars = 6;

const credential =
  /\b(authorization|[\w-]*(?:api[_-]?key|token|secret|password))(["']?\s*[:=]\s*["']?(?:bearer\s+)?)[^\s"',;]+/gi;
const redacted = '[redacted]';

/** Takes out the values of a server's own environment, and what looks like a credential. */
function redact(line: string, secrets: readonly string[]): string {
  const known = secrets
    .filter((secret) => secret.length >= minSecretChars)
    .reduce((text, secret) => text.replaceAll(secret, redacted), line);
  return known.replace(credential, `$1$2${redacted}`);
}

/** Writes what a server prints, and is no message, into the log: by line, redacted, and bounded in length and number. */
export class PrintedLog {
  private rest = '';
  private overlong = false;
  private second = 0;
  private lines = 0;

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
    private readonly secrets: readonly string[],
  ) {}

  follow(stderr: Readable): void {
    stderr.setEncoding('utf8').on('data', (text: string) => this.read(text));
  }

  read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.end(line);
    if (this.rest.length <= maxReadChars) return;
    if (!this.overlong) this.write(this.rest);
    this.overlong = true;
    this.rest = '';
  }

  /** The rest of a line that was too long is dropped. */
  private end(line: string): void {
    if (!this.overlong && line.trim() !== '') this.write(line);
    this.overlong = false;
  }

  private write(line: string): void {
    const second = Math.floor(this.clock.now() / 1_000);
    this.lines = second === this.second ? this.lines + 1 : 1;
    this.second = second;
    if (this.lines > maxLinesPerSecond + 1) return;
    if (this.lines > maxLinesPerSecond)
      this.log.warn('an MCP server prints too much; the rest of this second is dropped');
    else
      this.log.info(
        { line: redact(line.slice(0, maxReadChars), this.secrets).slice(0, maxLoggedChars) },
        'an MCP server prints',
      );
  }
}
