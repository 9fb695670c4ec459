import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

type Rest = readonly unknown[];

/** What Nest says about itself, in our log. Its start-up chatter is for debugging. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: Rest): void {
    this.target.debug(fields(rest), String(message));
  }
  warn(message: unknown, ...rest: Rest): void {
    this.target.warn(fields(rest), String(message));
  }
  error(message: unknown, ...rest: Rest): void {
    this.target.error({ ...fields(rest), ...(message instanceof Error && { err: message }) }, String(message));
  }
  fatal(message: unknown, ...rest: Rest): void {
    this.target.fatal(fields(rest), String(message));
  }
  debug(message: unknown, ...rest: Rest): void {
    this.target.debug(fields(rest), String(message));
  }
  verbose(message: unknown, ...rest: Rest): void {
    this.target.trace(fields(rest), String(message));
  }
}

/** Nest gives the name of the speaker last, and before it sometimes a stack. */
function fields(rest: Rest): object {
  const context = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return { ...(typeof context === 'string' && { context }), ...(typeof stack === 'string' && { stack }) };
}
