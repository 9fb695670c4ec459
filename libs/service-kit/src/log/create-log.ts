import { pino, type DestinationStream } from 'pino';
import { logFields } from '../request/log-fields.js';
import { isoTime } from './iso-time.js';
import { serializeError } from './serialize-error.js';
import type { Log, LogLevel } from './log.js';

/** Their values never reach the log, at the top of a line or one level down. */
const redactedPaths = ['authorization', '["x-api-key"]', 'password', 'api_key', 'token'].flatMap((key) => [
  key,
  key.startsWith('[') ? `*${key}` : `*.${key}`,
]);

export interface LogOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Fields of every line, such as the service's name. */
  readonly base: Readonly<Record<string, string>>;
  readonly destination: DestinationStream;
}

/** A Log on pino: levels by name, ISO times, secrets redacted, the ids of the request at hand mixed in. */
export const createLog = ({ level = 'info', base, destination }: LogOptions): Log =>
  pino(
    {
      base,
      level,
      mixin: logFields,
      redact: { paths: redactedPaths, censor: '[redacted]' },
      serializers: { err: serializeError },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: isoTime,
    },
    destination,
  );

/** Says nothing; what a part takes where nobody gave it a log. */
export const silentLog: Log = pino({ level: 'silent' });
