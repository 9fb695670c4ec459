/** Fields first, then a constant sentence that can be searched for. */
export interface LogMethod {
  (fields: object, message?: string): void;
  (message: string): void;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * The service's log: one JSON object per line. Request id, trace id and tenant of the request at hand are added by
 * themselves; an error goes in the field `err`. `level` may be changed while running; a child made before keeps the old one.
 */
export abstract class Log {
  abstract level: string;
  abstract readonly trace: LogMethod;
  abstract readonly debug: LogMethod;
  abstract readonly info: LogMethod;
  abstract readonly warn: LogMethod;
  abstract readonly error: LogMethod;
  abstract readonly fatal: LogMethod;
  /** A log that adds `fields` to each of its lines. */
  abstract child(fields: object): Log;
}
