/** A handler's answer to one event. What a handler throws counts as a retry. */
export type Verdict =
  | { readonly kind: 'ack' }
  | { readonly kind: 'retry'; readonly because: string; readonly afterMs?: number }
  | { readonly kind: 'drop'; readonly because: string };

/** The event is dealt with. */
export const ack = (): Verdict => ({ kind: 'ack' });

/** The event comes again, after `afterMs` or more (rounded up to a step of the ladder), a bounded number of times. */
export const retry = (options: { because: string; afterMs?: number }): Verdict => ({ kind: 'retry', ...options });

/** The event is knowingly ignored; the reason is logged. */
export const drop = (because: string): Verdict => ({ kind: 'drop', because });
