import type { AppError } from '@parley/contracts';
import { levels, type Logger } from 'pino';
import { quietRoutes } from '../http/kit-routes.js';
import type { Log, LogLevel } from './log.js';

export interface RequestLine {
  readonly request_id: string;
  readonly trace_id: string;
  readonly tenant_id: string | undefined;
  readonly method: string;
  readonly endpoint: string;
  readonly status: number;
  readonly duration_ms: number;
  readonly error: AppError | undefined;
}

/** Writes the line of each request, at the level that the service's log has at the time. */
export class RequestLog {
  constructor(
    private readonly log: Log,
    /** Without mixin and redaction: the fields of a line are known. */
    private readonly lines: Logger,
  ) {}

  write({ error, ...line }: RequestLine): void {
    const level = levelOf(line.endpoint, error);
    if ((levels.values[level] ?? 0) < (levels.values[this.log.level] ?? Infinity)) return;
    if (!error) this.lines[level](line, 'request');
    else this.lines[level]({ ...line, error: error.code, ...reasonOf(error) }, 'request');
  }
}

/** What nobody foresaw has its stack written; of what has a code of its own, its text is enough. */
function reasonOf(error: AppError): object {
  const { cause, internal } = error.text;
  if (error.code === 'service.internal') return { err: cause ?? error, because: internal };
  return { because: internal ?? (error.status >= 500 && cause instanceof Error ? cause.message : undefined) };
}

function levelOf(endpoint: string, error: AppError | undefined): Exclude<LogLevel, 'silent'> {
  if (error?.code === 'service.internal') return 'error';
  if (quietRoutes.has(endpoint)) return 'debug';
  return error && error.status >= 500 ? 'warn' : 'info';
}
