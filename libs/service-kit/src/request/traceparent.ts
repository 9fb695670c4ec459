import { randomUUID } from 'node:crypto';
import { isSpanContextValid, trace } from '@opentelemetry/api';

/** W3C Trace Context, level 2: `version-traceid-parentid-flags`, version 00; ids of zeros are invalid. */
const pattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export const isTraceparent = (value: unknown): value is string => typeof value === 'string' && pattern.test(value);

/** The 32 hexadecimal digits that all parts of one trace share. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

/** The active span of the tracing SDK; undefined where it is not loaded. */
export function activeTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/**
 * A trace that begins here. Sampled, so that a callee which records does so, though nothing is recorded here. UUIDs,
 * because Node draws their random bytes in advance: randomBytes costs 3 µs a call, eight times as much as two of them.
 */
export const newTraceparent = (): string => `00-${hex(randomUUID())}-${hex(randomUUID()).slice(16)}-01`;

const hex = (uuid: string): string =>
  uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);
