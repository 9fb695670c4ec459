import { systemClock, type Clock } from '../clock.js';
import { PolicyEvents, type PolicyListener } from '../events.js';
import { neverAborts, type Policy } from '../policy.js';
import { untilAborted } from '../until-aborted.js';
import type { RetryBudget } from './retry-budget.js';

/** Whether an error is worth another try; `afterMs` is the target's own wish, such as its Retry-After. */
export type RetryDecision = 'retry' | 'stop' | { readonly afterMs: number };

export interface RetryOptions {
  /** For logs and metrics; default `retry`. */
  readonly name?: string;
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Upper bound of the first delay; it doubles with each try. */
  readonly baseDelayMs: number;
  /** Upper bound of any delay. A target that asks for a longer one is not tried again. */
  readonly maxDelayMs: number;
  readonly budget?: Pick<RetryBudget, 'call' | 'take'>;
  readonly decide: (error: unknown) => RetryDecision;
  readonly clock?: Clock;
  /** In [0, 1); default Math.random. */
  readonly random?: () => number;
}

/**
 * Tries again what may go better the next time, after a delay with full jitter (Brooker, Exponential Backoff And
 * Jitter, AWS 2015). Once tries or budget are used up, the last error is the caller's.
 */
export class Retry implements Policy {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly events = new PolicyEvents();

  constructor(private readonly options: RetryOptions) {
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? Math.random;
  }

  on(listener: PolicyListener): () => void {
    return this.events.on(listener);
  }

  async execute<T>(fn: (signal: AbortSignal) => Promise<T>, signal = neverAborts): Promise<T> {
    this.options.budget?.call();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await fn(signal);
      } catch (error) {
        const delayMs = signal.aborted ? undefined : this.delayAfter(attempt, error);
        if (delayMs === undefined) throw error;
        this.events.emit({ kind: 'retry', name: this.options.name ?? 'retry', attempt, delayMs, error });
        await this.wait(delayMs, signal);
      }
    }
  }

  /** Undefined where there is to be no further try; else the budget has paid for it. */
  private delayAfter(attempt: number, error: unknown): number | undefined {
    const { attempts, baseDelayMs, maxDelayMs, decide, budget } = this.options;
    if (attempt >= attempts) return undefined;
    const decision = decide(error);
    if (decision === 'stop') return undefined;
    const askedMs = decision === 'retry' ? 0 : decision.afterMs;
    if (askedMs > maxDelayMs || budget?.take() === false) return undefined;
    // A target that asks for a time gives many callers the same one: the jitter spreads them.
    const jitterMs = this.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
    return Math.min(maxDelayMs, askedMs + jitterMs);
  }

  private async wait(ms: number, signal: AbortSignal): Promise<void> {
    let cancel: () => void = () => undefined;
    const elapsed = new Promise<void>((resolve) => {
      cancel = this.clock.setTimeout(resolve, ms);
    });
    await untilAborted(elapsed, signal).finally(() => cancel());
  }
}

export const retry = (options: RetryOptions): Retry => new Retry(options);
