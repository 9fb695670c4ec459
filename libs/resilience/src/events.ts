import type { BreakerState } from './breaker/breaker-state.js';
import type { RejectionReason } from './rejected.js';

/** What policies tell about themselves, for logs and metrics; `name` is the policy's. */
export type PolicyEvent =
  | {
      readonly kind: 'breaker.changed';
      readonly name: string;
      readonly from: BreakerState['kind'];
      readonly to: BreakerState['kind'];
    }
  | {
      readonly kind: 'retry';
      readonly name: string;
      /** The try that failed, from 1. */
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: unknown;
    }
  | { readonly kind: 'rejected'; readonly name: string; readonly reason: Exclude<RejectionReason, 'timeout'> };

export type PolicyListener = (event: PolicyEvent) => void;

/** Listeners run within the call that caused the event; they must not throw. */
export class PolicyEvents {
  private readonly listeners = new Set<PolicyListener>();

  /** Returns the function that takes the listener off again. */
  on(listener: PolicyListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: PolicyEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
