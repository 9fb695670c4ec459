import { systemClock, type Clock } from '../clock.js';
import { PolicyEvents, type PolicyListener } from '../events.js';
import { neverAborts, type Policy } from '../policy.js';
import { isRejected, RejectedError } from '../rejected.js';
import { SlidingWindow } from '../sliding-window.js';
import {
  admit,
  afterCall,
  afterProbe,
  closed,
  type BreakerChange,
  type BreakerRules,
  type BreakerState,
  type CallCounts,
} from './breaker-state.js';

export interface CircuitBreakerOptions {
  /** The target that it guards, for logs and metrics. */
  readonly name: string;
  /** How far back calls count; default 10 s. */
  readonly windowMs?: number;
  /** Fewer calls in the window never open it; default 20. */
  readonly minimumCalls?: number;
  /** Opens when this share of the calls failed, above 0 up to 1; default 0.5. */
  readonly failureRatio?: number;
  /** A call that takes longer is slow; default never. */
  readonly slowCallMs?: number;
  /** Opens when this share of the calls was slow, above 0 up to 1; default 1. */
  readonly slowCallRatio?: number;
  /** How long it refuses before it probes, and how long it waits for a probe; default 5 s. */
  readonly openMs?: number;
  /** Calls let through while half-open, all of which must go well; default 1. */
  readonly probes?: number;
  /**
   * Which errors are the target's fault; default all but refusals by another policy. A signal that aborts with one of
   * them, or with a refusal, ran out of time; with any other reason the caller has gone, and nothing is counted.
   */
  readonly isFailure?: (error: unknown) => boolean;
  readonly clock?: Clock;
}

const [calls, failures, slowCalls] = [0, 1, 2];
const targetFailed = (error: unknown) => !isRejected(error) || error.reason === 'timeout';

/** Refuses calls to a target that keeps failing or keeps being slow, until a probe has gone well. */
export class CircuitBreaker implements Policy {
  private current: BreakerState = closed;
  /** Counts the changes of kind, so that an answer to a call of an earlier state is not taken for one of this. */
  private era = 0;
  private change: BreakerChange | undefined;
  /** What was counted when it last ceased to be closed. */
  private opening: CallCounts = { calls: 0, failures: 0, slow: 0 };
  private refusedCalls = 0;
  private readonly window: SlidingWindow;
  private readonly rules: BreakerRules;
  private readonly clock: Clock;
  private readonly events = new PolicyEvents();

  constructor(private readonly options: CircuitBreakerOptions) {
    const { windowMs = 10_000, minimumCalls = 20, failureRatio = 0.5, slowCallRatio = 1 } = options;
    const { openMs = 5_000, probes = 1, clock = systemClock } = options;
    this.window = new SlidingWindow(windowMs, 3);
    this.rules = { minimumCalls, failureRatio, slowCallRatio, openMs, probes };
    this.clock = clock;
  }

  get name(): string {
    return this.options.name;
  }

  get state(): BreakerState {
    return this.current;
  }

  /** Undefined while it has been closed ever since. */
  get lastChange(): BreakerChange | undefined {
    return this.change;
  }

  /** Of the window while it is closed; else what it was opened for. */
  get counts(): CallCounts {
    return this.current.kind === 'closed' ? this.totals(this.clock.now()) : this.opening;
  }

  /** Calls refused since it was last closed. */
  get refused(): number {
    return this.current.kind === 'closed' ? 0 : this.refusedCalls;
  }

  on(listener: PolicyListener): () => void {
    return this.events.on(listener);
  }

  async execute<T>(fn: (signal: AbortSignal) => Promise<T>, signal = neverAborts): Promise<T> {
    const startedAt = this.clock.now();
    const state = admit(this.current, startedAt, this.rules);
    if (!state) throw this.refusal(startedAt);
    this.become(state);
    const era = this.era;
    try {
      const result = await fn(signal);
      this.settle(era, startedAt, false);
      return result;
    } catch (error) {
      const cancelled = signal.aborted && !this.ranOutOfTime(signal.reason);
      this.settle(era, startedAt, cancelled ? 'cancelled' : this.isFailure(error));
      throw error;
    }
  }

  /**
   * For an answer that goes on after its call has ended well, such as a stream: asked for during the call, it gives the
   * function that counts the call as failed after all.
   */
  lateFailure(): (error: unknown) => void {
    const era = this.era;
    return (error) => {
      if (era !== this.era || !this.isFailure(error)) return;
      const now = this.clock.now();
      this.window.add(now, failures);
      const { current, rules } = this;
      this.become(
        current.kind === 'half-open' ? afterProbe(current, 'bad', now, rules) : afterCall(this.totals(now), now, rules),
      );
    };
  }

  /** Closes it, whatever it has counted: for someone who knows that the target is well. Calls under way no longer count. */
  reset(): void {
    this.become(closed);
    this.era += 1;
    this.window.clear();
  }

  private isFailure(error: unknown): boolean {
    return (this.options.isFailure ?? targetFailed)(error);
  }

  /** Tells a limit that the target did not meet from a caller that has gone. */
  private ranOutOfTime(reason: unknown): boolean {
    return isRejected(reason) || (this.options.isFailure?.(reason) ?? false);
  }

  private settle(era: number, startedAt: number, failed: boolean | 'cancelled'): void {
    if (era !== this.era) return;
    const now = this.clock.now();
    const slow = now - startedAt > (this.options.slowCallMs ?? Infinity);
    if (this.current.kind === 'half-open') {
      const verdict = failed === 'cancelled' ? 'none' : failed || slow ? 'bad' : 'good';
      this.become(afterProbe(this.current, verdict, now, this.rules));
    } else if (failed !== 'cancelled') {
      this.become(afterCall(this.count(now, failed, slow), now, this.rules));
    }
  }

  private count(now: number, failed: boolean, slow: boolean) {
    this.window.add(now, calls);
    if (failed) this.window.add(now, failures);
    if (slow) this.window.add(now, slowCalls);
    return this.totals(now);
  }

  private totals(now: number) {
    return {
      calls: this.window.total(now, calls),
      failures: this.window.total(now, failures),
      slow: this.window.total(now, slowCalls),
    };
  }

  private become(next: BreakerState): void {
    const from = this.current.kind;
    this.current = next;
    if (from === next.kind) return;
    const at = this.clock.now();
    if (from === 'closed') {
      this.opening = this.totals(at);
      this.refusedCalls = 0;
    }
    this.change = { at, from, to: next.kind };
    this.era += 1;
    this.window.clear();
    this.events.emit({ kind: 'breaker.changed', name: this.name, from, to: next.kind });
  }

  private refusal(now: number): RejectedError {
    this.refusedCalls += 1;
    this.events.emit({ kind: 'rejected', name: this.name, reason: 'breaker_open' });
    const until = this.current.kind === 'closed' ? now : this.current.until;
    return new RejectedError('breaker_open', this.name, until - now);
  }
}

export const circuitBreaker = (options: CircuitBreakerOptions): CircuitBreaker => new CircuitBreaker(options);
