import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const requestIdHeader = 'x-request-id';

/** Long enough for any id in use, and nothing in it that could forge a log line or a header. */
const sane = /^[\w.:/+=-]{1,128}$/;

/** The caller's X-Request-Id where it is sane, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && sane.test(given) ? given : randomUUID();
}
