import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';

/** W3C Trace Context, version 00. */
const pattern = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export const traceparentOf = (value: unknown): string | undefined =>
  typeof value === 'string' && pattern.test(value) ? value : undefined;

/**
 * Runs `fn` as a part of the trace that `traceparent` names. Where the tracing SDK has already opened a span for this
 * message, that span stands; without the SDK this changes nothing.
 */
export function inTrace<T>(traceparent: string | undefined, fn: () => T): T {
  if (traceparent === undefined || trace.getActiveSpan() !== undefined) return fn();
  return context.with(propagation.extract(ROOT_CONTEXT, { traceparent }), fn);
}
