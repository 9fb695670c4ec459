import type { UndiciRequest } from '@opentelemetry/instrumentation-undici';

/**
 * Takes our own traceparent off an outgoing request: the instrumentation adds that of its span without looking, and two
 * of them would be none (W3C Trace Context §3.2.1).
 */
export function dropTraceparent({ headers }: Pick<UndiciRequest, 'headers'>): void {
  if (!Array.isArray(headers)) return;
  for (let index = headers.length - 2; index >= 0; index -= 2)
    if (String(headers[index]).toLowerCase() === 'traceparent') headers.splice(index, 2);
}
