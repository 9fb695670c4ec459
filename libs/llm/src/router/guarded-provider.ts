import {
  AppError,
  isAppError,
  type Completion,
  type CompletionRequest,
  type ErrorCode,
  type StreamBatch,
} from '@parley/contracts';
import {
  Bulkhead,
  isRejected,
  Retry,
  RetryBudget,
  type CircuitBreaker,
  type PolicyListener,
  type RejectedError,
  type RetryDecision,
} from '@parley/resilience';
import type { ModelProvider } from '../provider.js';
import { Breakers } from './breakers.js';
import type { Caller } from './call-signal.js';
import { HeldStream } from './held-stream.js';

export interface GuardLimits {
  readonly maxConcurrent: number;
  readonly maxQueued: number;
}

/** How long a call may wait for a place before it is refused. */
const queueTimeoutMs = 5_000;
/** A provider that asks for a longer pause than this is not tried again: the caller is told when to come back. */
const maxRetryDelayMs = 2_000;
/** May go better the next time. What took its whole time, or had begun to be answered, is not asked again: it may have cost. */
const retryable = new Set<ErrorCode>(['provider.failed', 'provider.overloaded', 'provider.rate_limited']);

function decide(error: unknown): RetryDecision {
  if (!isAppError(error) || !retryable.has(error.code)) return 'stop';
  const { retryAfterMs } = error.text;
  if (retryAfterMs !== undefined) return { afterMs: retryAfterMs };
  return error.code === 'provider.rate_limited' ? 'stop' : 'retry';
}

function refusal(error: RejectedError): AppError {
  return new AppError(error.reason === 'breaker_open' ? 'provider.overloaded' : 'service.overloaded', {
    internal: error.message,
    cause: error,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  });
}

type BrokenOff = Caller['onBrokenOff'];

export interface Tried<T> {
  readonly value: T;
  /** Calls made to the provider, at least 1. */
  readonly attempts: number;
}

/**
 * A provider behind its policies: a bulkhead around it, a retry before the first byte of an answer under a budget, a
 * breaker per model. A stream keeps its place in the bulkhead until it ends.
 */
export class GuardedProvider {
  readonly bulkhead: Bulkhead;
  private readonly retry: Retry;
  private readonly breakers: Breakers;

  constructor(
    readonly provider: ModelProvider,
    limits: GuardLimits,
    listener: PolicyListener,
  ) {
    const { name } = provider;
    this.bulkhead = new Bulkhead({ name, queueTimeoutMs, ...limits });
    const budget = new RetryBudget({ ratio: 0.2, minPerSecond: 1 });
    this.retry = new Retry({ name, attempts: 3, baseDelayMs: 100, maxDelayMs: maxRetryDelayMs, budget, decide });
    this.breakers = new Breakers(name, listener);
    this.bulkhead.on(listener);
    this.retry.on(listener);
  }

  /** Breakers of the models asked for, by model. */
  get breakerStates(): ReadonlyMap<string, CircuitBreaker> {
    return this.breakers.byModel;
  }

  complete(request: CompletionRequest, signal: AbortSignal, onBrokenOff?: BrokenOff): Promise<Tried<Completion>> {
    return this.once(request, signal, () =>
      this.watched(this.provider.complete(request, { signal }), signal, onBrokenOff),
    );
  }

  /** @throws AppError model.cannot_count where the provider counts nothing: an estimate is no count. */
  async countTokens(request: CompletionRequest, signal: AbortSignal): Promise<Tried<number>> {
    const count = this.provider.countTokens?.bind(this.provider);
    if (!count)
      throw new AppError('model.cannot_count', { detail: `The provider of "${request.model}" counts no tokens` });
    return this.once(request, signal, () => count(request, { signal }));
  }

  /** Resolves with the first batch in hand, so that what fails before it is an error and not a broken stream. */
  async stream(request: CompletionRequest, signal: AbortSignal, onBrokenOff?: BrokenOff): Promise<Tried<HeldStream>> {
    const opened = Promise.withResolvers<Tried<HeldStream>>();
    const hold = async (): Promise<void> => {
      const tried = await this.attempt(request.model, signal, () =>
        this.watched(this.open(request, signal), signal, onBrokenOff),
      );
      opened.resolve(tried);
      await tried.value.ended;
    };
    this.bulkhead.execute(hold, signal).catch(opened.reject);
    try {
      return await opened.promise;
    } catch (error) {
      throw isRejected(error) ? refusal(error) : error;
    }
  }

  /** A call whose answer comes whole. */
  private async once<T>({ model }: CompletionRequest, signal: AbortSignal, call: () => Promise<T>): Promise<Tried<T>> {
    try {
      return await this.bulkhead.execute(() => this.attempt(model, signal, call), signal);
    } catch (error) {
      throw isRejected(error) ? refusal(error) : error;
    }
  }

  /** A refusal costs nothing, and silence says nothing; what was left or broke off while under way has cost. */
  private async watched<T>(call: Promise<T>, signal: AbortSignal, onBrokenOff?: BrokenOff): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (signal.aborted || (isAppError(error) && error.code === 'provider.interrupted'))
        onBrokenOff?.(this.provider.name);
      throw error;
    }
  }

  private async open(request: CompletionRequest, signal: AbortSignal): Promise<HeldStream> {
    const batches: AsyncIterator<StreamBatch> = this.provider.stream(request, { signal })[Symbol.asyncIterator]();
    const first = await batches.next();
    if (first.done) throw new AppError('provider.interrupted', { internal: 'a stream without events' });
    const stream = new HeldStream(first.value, batches, signal);
    void stream.ended.then(this.breakers.of(request.model).lateFailure());
    return stream;
  }

  private async attempt<T>(model: string, signal: AbortSignal, call: () => Promise<T>): Promise<Tried<T>> {
    const breaker = this.breakers.of(model);
    let attempts = 0;
    const value = await this.retry.execute(() => {
      attempts += 1;
      return breaker.execute(call, signal);
    }, signal);
    return { value, attempts };
  }
}
