import { noTokens, type Completion, type CompletionRequest, type StreamBatch } from '@parley/contracts';
import { systemClock, type Clock, type PolicyListener } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import type { EmbeddingRequest, Embeddings } from '../embeddings/embedding.js';
import type { ModelProvider } from '../provider.js';
import { askInTurn, type Asking } from './ask-in-turn.js';
import { callSignal, type CallSignal } from './call-signal.js';
import type { Caller } from './caller.js';
import type { GuardedProvider, GuardLimits } from './guarded-provider.js';
import { askHedged, outrun } from './hedge.js';
import type { Lane, Outcome } from './lane.js';
import { Offer, type OfferedModel } from './offer.js';
import { Planner } from './plan.js';
import { ProviderGroup } from './provider-group.js';
import {
  completionQuestion,
  counted,
  countQuestion,
  embeddingQuestion,
  streamQuestion,
  type ModelQuestion,
} from './questions.js';

export interface ModelRouterOptions extends GuardLimits {
  /** Where several list a model, the first serves it. Those of one name are one provider with several credentials. */
  readonly providers: readonly ModelProvider[];
  /** The longest that one call may take, with all providers that are asked, its retries and whole stream. */
  readonly deadlineMs: number;
  readonly log: Pick<Log, 'warn'>;
  readonly clock?: Clock;
  /** In [0, 1); default Math.random. */
  readonly random?: () => number;
}

/** Who answered, and after how many tries. */
export interface Server {
  readonly provider: string;
  /** The model that was asked, by the provider’s own name. */
  readonly model: string;
  /** Calls made to providers, those in vain included; at least 1. */
  readonly attempts: number;
}

export interface Served extends Server {
  /** Fields of the request that this provider cannot carry and that were left out. */
  readonly dropped: readonly string[];
}

type Answer<T> = Server & { readonly value: T };

/** Finds who has a model, and asks them under their policies, one after the other until one answers. */
export class ModelRouter {
  /** Each provider once for every credential. */
  readonly guards: readonly GuardedProvider[];
  private readonly offer: Offer;
  private readonly planner: Planner;
  private readonly clock: Clock;
  private readonly listeners = new Set<PolicyListener>();

  constructor(private readonly options: ModelRouterOptions) {
    const { providers, log, clock = systemClock, random = Math.random } = options;
    const listener: PolicyListener = (event) => {
      for (const listen of this.listeners) listen(event);
    };
    const groups = [...Map.groupBy(providers, ({ name }) => name).values()].flatMap(([first, ...others]) =>
      first ? [new ProviderGroup([first, ...others], { limits: options, listener, clock })] : [],
    );
    this.clock = clock;
    this.guards = groups.flatMap(({ guards }) => guards);
    this.offer = new Offer(groups, clock, log);
    this.planner = new Planner(this.offer, clock, random);
  }

  /** What the policies of all providers tell; returns the function that takes the listener off again. */
  on(listener: PolicyListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws AppError model.*, provider.*, service.overloaded; the reason of the caller’s signal when it aborts. */
  async complete(request: CompletionRequest, caller: Caller = {}): Promise<Served & { completion: Completion }> {
    const { value, ...server } = await this.whole(completionQuestion(request), caller);
    const completion = counted(request, value);
    return { ...server, completion, dropped: completion.dropped };
  }

  /**
   * Resolves when the first events are there; errors before them are thrown here, later ones while reading.
   * The stream must be read to its end, left (`break`, `return`) or aborted.
   */
  async stream(
    request: CompletionRequest,
    caller: Caller = {},
  ): Promise<Served & { stream: AsyncIterable<StreamBatch> }> {
    const call = callSignal(caller, this.options.deadlineMs);
    try {
      const { value: stream, ...server } = await this.ask(streamQuestion(request), caller, call);
      void stream.ended.then(() => call.release());
      const start = stream.first.find((event) => event.type === 'start');
      return { ...server, stream, dropped: start?.dropped ?? [] };
    } catch (error) {
      call.release();
      throw error;
    }
  }

  /** Tokens of the request’s input, by the provider’s own count. @throws AppError model.cannot_count, and as `complete` does */
  async countTokens(request: CompletionRequest, caller: Caller = {}): Promise<number> {
    return (await this.whole(countQuestion(request), caller)).value;
  }

  /** @throws AppError model.cannot_embed, and as `complete` does */
  async embed(request: EmbeddingRequest, caller: Caller = {}): Promise<Server & { embeddings: Embeddings }> {
    const { value, ...server } = await this.whole(embeddingQuestion(request), caller);
    return { ...server, embeddings: value };
  }

  /** Every model of every provider whose list could be read. @throws AppError when none could. */
  list(): Promise<OfferedModel[]> {
    return this.offer.list();
  }

  /** Whether the provider’s own list, as it was read last, has the model. */
  lists(provider: string, model: string): boolean {
    return this.offer.lists(provider, model);
  }

  /** @throws AppError model.not_found */
  get(id: string): Promise<OfferedModel> {
    return this.offer.get(id);
  }

  /** Who is asked for a model, listed or not, by its own name for it. @throws AppError model.not_found, service.unavailable */
  async find(id: string): Promise<Pick<Server, 'provider' | 'model'>> {
    const { provider, model } = await this.offer.find(id);
    return { provider: provider.name, model };
  }

  async close(): Promise<void> {
    await Promise.all(this.guards.map(({ provider }) => provider.close()));
  }

  private async whole<T>(question: ModelQuestion<T>, caller: Caller): Promise<Answer<T>> {
    const call = callSignal(caller, this.options.deadlineMs);
    try {
      return await this.ask(question, caller, call);
    } finally {
      call.release();
    }
  }

  private async ask<T>(question: ModelQuestion<T>, caller: Caller, call: CallSignal): Promise<Answer<T>> {
    const endsAt = this.clock.now() + call.limitMs;
    const plan = await this.planner.plan(question, caller.route);
    question.demandFit?.(plan);
    const asking: Asking<T> = {
      signal: call.signal,
      remainingMs: () => endsAt - this.clock.now(),
      clock: this.clock,
      calls: call.calls,
      ask: (lane, turn) => question.ask(lane, turn),
      failed: (lane, outcome) => tellFailed(question, caller, lane, outcome),
      outrun: (lane, value) => caller.onLost?.({ ...lost(lane, 1), ...question.late(value), worked: true }),
    };
    const { lane, value } = await (caller.hedgeAfterMs === undefined
      ? askInTurn(asking, [...plan])
      : askHedged(asking, plan, caller.hedgeAfterMs));
    return { provider: lane.provider, model: lane.model, attempts: call.calls.made, value };
  }
}

const lost = ({ provider, model }: Lane, attempts: number) => ({ provider, model, attempts });

/** Only of a provider that was asked: a call that its breaker refused has not come so far. */
function tellFailed<T>(
  question: ModelQuestion<T>,
  { onLost }: Caller,
  lane: Lane,
  { error, attempts, worked }: Extract<Outcome<T>, { ok: false }>,
): void {
  if (attempts === 0 || !onLost) return;
  const used = worked ? question.begun() : { tokens: noTokens, estimated: false };
  onLost({ ...lost(lane, attempts), ...used, worked, ...(error !== outrun && { error }) });
}
