import { AppError, isAppError, type StreamBatch } from '@parley/contracts';
import {
  isRejected,
  type CircuitBreaker,
  type Clock,
  type PolicyListener,
  type RejectedError,
  type Retry,
} from '@parley/resilience';
import { labelOf, type ModelProvider } from '../provider.js';
import { newBreaker } from './breakers.js';
import { CutShort } from './cut-short.js';
import { mayGoBetterElsewhere } from './failover.js';
import { HeldStream } from './held-stream.js';
import type { JointBudget } from './joint-budget.js';
import { Pace, type AnswerKind } from './pace.js';
import type { BulkheadChain } from './bulkhead-chain.js';
import { newRetry } from './retries.js';

function refusal(error: RejectedError): AppError {
  return new AppError(error.reason === 'breaker_open' ? 'provider.overloaded' : 'service.overloaded', {
    internal: error.message,
    cause: error,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  });
}

/** What came of asking one lane; `attempts` are the calls that were made to its provider. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly attempts: number }
  | {
      readonly ok: false;
      readonly error: unknown;
      readonly attempts: number;
      /** True where the provider was at work when it was left or broke off: that has cost something. */
      readonly worked: boolean;
    };

/** One question to one lane. */
export interface Turn {
  readonly signal: AbortSignal;
  /** Nobody else can be asked: it is worth waiting for a place, and trying again. */
  readonly isLast: boolean;
  /** Counts the calls to all providers that the question needs. */
  readonly calls: { made: number };
}

/** What a lane is made of: policies that it has for itself, and those that it shares with others. */
export interface LaneParts {
  readonly provider: ModelProvider;
  /** The provider’s own name of the model. */
  readonly model: string;
  readonly bulkheads: BulkheadChain;
  readonly budget: JointBudget;
  readonly listener: PolicyListener;
  readonly clock: Clock;
}

interface Tries {
  made: number;
  worked: boolean;
}

/**
 * One model of one provider, asked with one credential, behind its policies: places around it, a retry before the first
 * byte of an answer under a budget, a breaker. A stream keeps its place until it ends.
 */
export class Lane {
  readonly pace = new Pace();
  /** Tells it from all others. */
  readonly label: string;
  readonly breaker: CircuitBreaker;
  private readonly retry: Retry;

  constructor(private readonly parts: LaneParts) {
    const { provider, model, budget, listener, clock } = parts;
    this.label = `${labelOf(provider.name, provider.credential)}/${model}`;
    this.breaker = newBreaker(this.label, listener, clock);
    this.retry = newRetry(provider.name, budget, listener, clock);
  }

  get provider(): string {
    return this.parts.provider.name;
  }

  get model(): string {
    return this.parts.model;
  }

  /** How long a first byte may take; silence of less says nothing of the provider. */
  get firstByteTimeoutMs(): number {
    return this.parts.provider.firstByteTimeoutMs;
  }

  /** True where it would refuse a call now, or failed one a moment ago. */
  get isAvoided(): boolean {
    const now = this.parts.clock.now();
    const { state } = this.breaker;
    return (state.kind === 'open' && now < state.until) || this.pace.isAvoided(now);
  }

  /** Takes one more call than was asked for out of the budget of retries, of which hedges leave half to who has failed. */
  mayHedge(): boolean {
    return this.parts.budget.take(0.5);
  }

  /** Asks for an answer that comes whole. */
  async whole<T>(turn: Turn, call: (provider: ModelProvider) => Promise<T>): Promise<Outcome<T>> {
    const tries: Tries = { made: 0, worked: false };
    try {
      const value = await this.parts.bulkheads.execute(turn, () => this.attempt('plain', turn, tries, call));
      return { ok: true, value, attempts: tries.made };
    } catch (error) {
      return failure(error, tries);
    }
  }

  /** Resolves with the first batch in hand, so that what fails before it is an error and not a broken stream. */
  async stream(
    turn: Turn,
    call: (provider: ModelProvider) => AsyncIterable<StreamBatch>,
  ): Promise<Outcome<HeldStream>> {
    const tries: Tries = { made: 0, worked: false };
    const opened = Promise.withResolvers<HeldStream>();
    const hold = async (): Promise<void> => {
      const stream = await this.attempt('stream', turn, tries, (provider) => this.open(call(provider), turn.signal));
      opened.resolve(stream);
      await stream.ended;
    };
    this.parts.bulkheads.execute(turn, hold).catch(opened.reject);
    try {
      return { ok: true, value: await opened.promise, attempts: tries.made };
    } catch (error) {
      return failure(error, tries);
    }
  }

  private async open(answer: AsyncIterable<StreamBatch>, signal: AbortSignal): Promise<HeldStream> {
    const batches = answer[Symbol.asyncIterator]();
    const first = await batches.next();
    if (first.done) throw new AppError('provider.interrupted', { internal: 'a stream without events' });
    const stream = new HeldStream(first.value, batches, signal);
    void stream.ended.then(this.breaker.lateFailure());
    return stream;
  }

  private attempt<T>(
    kind: AnswerKind,
    turn: Turn,
    tries: Tries,
    call: (provider: ModelProvider) => Promise<T>,
  ): Promise<T> {
    const { signal, isLast } = turn;
    const once = () => this.breaker.execute(() => this.measured(kind, turn, tries, call), signal);
    if (isLast) return this.retry.execute(once, signal);
    this.parts.budget.call();
    return once();
  }

  private async measured<T>(
    kind: AnswerKind,
    { signal, calls }: Turn,
    tries: Tries,
    call: (provider: ModelProvider) => Promise<T>,
  ): Promise<T> {
    const { clock, provider } = this.parts;
    const startedAt = clock.now();
    tries.made += 1;
    calls.made += 1;
    this.pace.begin(startedAt);
    try {
      const value = await call(provider);
      const now = clock.now();
      this.pace.answered(kind, now, now - startedAt);
      return value;
    } catch (error) {
      // A refusal costs nothing, and silence says nothing; what was left or broke off while under way has cost.
      tries.worked = signal.aborted || (isAppError(error) && error.code === 'provider.interrupted');
      if (mayGoBetterElsewhere(error) && !(error instanceof CutShort)) this.pace.failed(clock.now(), error);
      else this.pace.left();
      throw error;
    }
  }
}

const failure = (error: unknown, { made, worked }: Tries): Outcome<never> => ({
  ok: false,
  error: isRejected(error) ? refusal(error) : error,
  attempts: made,
  worked,
});
