import { ladderMs, maxAttempts } from '../topology.js';
import type { Verdict } from './verdict.js';

/** What became of one attempt: the handler's verdict, or what kept it from having one. */
export type Outcome =
  | Verdict
  /** The message can never be handled. */
  | { readonly kind: 'reject'; readonly because: string }
  /** Something of ours is away, which says nothing about the message: it is no attempt. */
  | { readonly kind: 'postpone'; readonly because: string };

export type Step =
  | { readonly to: 'done' }
  | { readonly to: 'retry'; readonly delayMs: number; readonly attempts: number }
  | { readonly to: 'dead'; readonly reason: string };

const postponeMs = 5_000;

/** The ladder's first step of at least `ms`, or its last. */
const rung = (ms: number): number => ladderMs.find((step) => step >= ms) ?? ladderMs[ladderMs.length - 1] ?? ms;

/** Where a message goes after an attempt; `attempts` went before this one. */
export function nextStep(attempts: number, outcome: Outcome): Step {
  switch (outcome.kind) {
    case 'ack':
    case 'drop':
      return { to: 'done' };
    case 'reject':
      return { to: 'dead', reason: outcome.because };
    case 'postpone':
      return { to: 'retry', delayMs: postponeMs, attempts };
    case 'retry':
      if (attempts + 1 >= maxAttempts)
        return { to: 'dead', reason: `Gave up after ${maxAttempts} attempts: ${outcome.because}` };
      return { to: 'retry', delayMs: rung(outcome.afterMs ?? ladderMs[attempts] ?? 0), attempts: attempts + 1 };
  }
}
