import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, modelName, type Completion, type StreamBatch, type UsageRecord } from '@parley/contracts';
import { ModelRouter, StreamTally, type Caller, type Served } from '@parley/llm';
import { Clock, currentRequest } from '@parley/service-kit';
import type { Answer, Answering, Ask } from './answering.js';
import { TokenBudgets } from '../key-bounds/token-budgets.js';
import { UsageWriter } from '../usage/usage-writer.js';

type Outcome = Pick<UsageRecord, 'provider' | 'provider_model' | 'outcome' | 'tokens' | 'estimated'>;

/** Puts the end of one call on record. */
type Recorder = (outcome: Outcome) => Promise<void>;

/** Asks models, and lets no answer end before its usage is on record. */
@Injectable()
export class CompletionsService implements Answering {
  constructor(
    private readonly models: ModelRouter,
    private readonly usage: UsageWriter,
    private readonly budgets: TokenBudgets,
    private readonly clock: Clock,
  ) {}

  async complete(ask: Ask): Promise<Completion> {
    const record = this.open(ask);
    const { completion, provider } = await this.asking(ask, record, (caller) =>
      this.models.complete(ask.request, caller),
    );
    const { model: provider_model, tokens, estimated } = completion;
    await record({ provider, provider_model, outcome: 'completed', tokens, estimated });
    return completion;
  }

  /** Resolves when the answer has begun; until then every failure is thrown here. */
  async stream(ask: Ask): Promise<Answer> {
    const record = this.open(ask);
    const served = await this.asking(ask, record, (caller) => this.models.stream(ask.request, caller));
    return { ...served, stream: this.awaited(recorded(ask, served, record)) };
  }

  /** Asks; what a provider did for a caller who left before it answered, or for an answer that broke off, is on record too. */
  private async asking<T>(ask: Ask, record: Recorder, call: (caller: Caller) => Promise<T>): Promise<T> {
    let paid: string | undefined;
    const onBrokenOff = (provider: string) => (paid = provider);
    try {
      return await call({ ...callerOf(ask), onBrokenOff });
    } catch (error) {
      if (paid !== undefined) await this.unanswered(ask, record, paid);
      throw error;
    }
  }

  private async unanswered({ request, signal }: Ask, record: Recorder, provider: string): Promise<void> {
    const { tokens, estimated } = new StreamTally(request);
    const outcome = signal.aborted ? 'cancelled' : 'interrupted';
    const ended = this.usage.begin();
    try {
      await record({ provider, provider_model: request.model, outcome, tokens, estimated });
    } finally {
      ended();
    }
  }

  /** The drain waits until the answer has ended, however it ends. */
  private async *awaited(stream: AsyncGenerator<StreamBatch, void, void>): AsyncGenerator<StreamBatch, void, void> {
    const ended = this.usage.begin();
    try {
      yield* stream;
    } finally {
      ended();
    }
  }

  /**
   * Begins a call; the function it returns puts the call's end on record.
   * @throws AppError service.unavailable before a provider is paid for a call that could not be recorded.
   */
  private open({ caller, dialect, request, purpose }: Ask): Recorder {
    if (!this.usage.available)
      throw new AppError('service.unavailable', { internal: 'usage cannot be recorded', retryAfterMs: 1_000 });
    const startedAt = this.clock.now();
    return async (outcome) => {
      const now = this.clock.now();
      const charged = this.budgets.charge(caller, outcome.tokens);
      await this.usage.write(caller.tenantId, {
        id: timeOrderedId(now),
        occurred_at: new Date(now).toISOString(),
        request_id: currentRequest()?.requestId ?? '',
        subject: caller.subject,
        api_key_id: caller.keyId ?? null,
        dialect,
        model: request.model,
        streamed: request.stream,
        duration_ms: Math.max(0, Math.round(now - startedAt)),
        ...purpose,
        ...outcome,
        // A provider's name for a model that is no name is not kept.
        provider_model: modelName.safeParse(outcome.provider_model).data ?? 'unknown',
      });
      await charged;
    };
  }
}

/**
 * A UUID of version 7 (RFC 9562 §5.7): the time, then what is random in one of version 4, whose bytes Node draws in
 * advance. Node's own `randomUUIDv7` came with 24.16.
 */
function timeOrderedId(now: number): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** How long and for whom the answer matters. */
const callerOf = ({ signal }: Ask) => ({ signal, deadline: currentRequest()?.deadline });

type Source = Served & { stream: AsyncIterable<StreamBatch> };

/** Holds back the batch that ends the answer until the record is committed; an answer that is left or cut off has one too. */
async function* recorded(
  { request, signal }: Ask,
  { provider, stream }: Source,
  record: Recorder,
): AsyncGenerator<StreamBatch, void, void> {
  const tally = new StreamTally(request);
  let closed: Promise<void> | undefined;
  /** The first end counts. */
  const close = (outcome: UsageRecord['outcome']) => {
    const { model: provider_model = request.model, tokens, estimated } = tally;
    return (closed ??= record({ provider, provider_model, outcome, tokens, estimated }));
  };
  try {
    for await (const batch of stream) {
      tally.add(batch);
      if (tally.ended) await close('completed');
      yield batch;
    }
  } finally {
    await close(signal.aborted ? 'cancelled' : 'interrupted');
  }
}
