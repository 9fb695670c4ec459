import { Injectable } from '@nestjs/common';
import { isAppError, type StreamBatch, type UsageRecord } from '@parley/contracts';
import { ModelRouter, StreamTally, type Caller, type LostCall, type Served } from '@parley/llm';
import { currentRequest } from '@parley/service-kit';
import { CallRecords, type OpenCall } from '../usage/call-records.js';
import type { Answer, Answering, Ask, PricedCompletion } from './answering.js';

/** Asks models, and lets no answer end before its usage is on record. */
@Injectable()
export class CompletionsService implements Answering {
  constructor(
    private readonly models: ModelRouter,
    private readonly records: CallRecords,
  ) {}

  async complete(ask: Ask): Promise<PricedCompletion> {
    const call = await this.open(ask);
    const { completion, provider, attempts } = await this.asking(ask, call, (caller) =>
      this.models.complete(ask.request, caller),
    );
    const { model: provider_model, tokens, estimated, cache_write_1h } = completion;
    const cost = await call.record({
      provider,
      provider_model,
      outcome: 'completed',
      tokens,
      estimated,
      cache_write_1h,
      attempts,
    });
    return { ...completion, cost };
  }

  /** Resolves when the answer has begun; until then every failure is thrown here. */
  async stream(ask: Ask): Promise<Answer> {
    const call = await this.open(ask);
    const served = await this.asking(ask, call, (caller) => this.models.stream(ask.request, caller));
    return { ...served, stream: awaited(call, recorded(ask, served, call)) };
  }

  private open({ caller, dialect, request: { model, stream: streamed }, purpose }: Ask): Promise<OpenCall> {
    return this.records.open({ caller, dialect, model, streamed, purpose });
  }

  /** Asks; what a provider did for a caller who left before it answered, or for an answer that broke off, is on record too. */
  private async asking<T>(ask: Ask, call: OpenCall, asked: (caller: Caller) => Promise<T>): Promise<T> {
    let paid: string | undefined;
    const onLost = ({ provider, worked }: LostCall) => {
      if (worked) paid = provider;
    };
    try {
      return await asked({ ...callerOf(ask), onLost });
    } catch (error) {
      if (paid !== undefined) await unanswered(ask, call, paid);
      throw error;
    }
  }
}

async function unanswered({ request, signal }: Ask, call: OpenCall, provider: string): Promise<void> {
  const { tokens, estimated } = new StreamTally(request);
  const outcome = signal.aborted ? 'cancelled' : 'interrupted';
  const ended = call.hold();
  try {
    await call.record({ provider, provider_model: request.model, outcome, tokens, estimated });
  } finally {
    ended();
  }
}

/** The drain waits until the answer has ended, however it ends. */
async function* awaited(
  call: OpenCall,
  stream: AsyncGenerator<StreamBatch, void, void>,
): AsyncGenerator<StreamBatch, void, void> {
  const ended = call.hold();
  try {
    yield* stream;
  } finally {
    ended();
  }
}

const codeOf = (error: unknown): string => (isAppError(error) ? error.code : 'service.internal');

/** How long and for whom the answer matters. */
const callerOf = ({ signal }: Ask) => ({ signal, deadline: currentRequest()?.deadline });

type Source = Served & { stream: AsyncIterable<StreamBatch> };

/** Holds back the batch that ends the answer until the record is committed; an answer that is left or cut off has one too. */
async function* recorded(
  { request, signal }: Ask,
  { provider, attempts, stream }: Source,
  call: OpenCall,
): AsyncGenerator<StreamBatch, void, void> {
  const tally = new StreamTally(request);
  let closed: Promise<unknown> | undefined;
  /** The first end counts. */
  const close = (outcome: UsageRecord['outcome'], failure?: string) => {
    const { model: provider_model = request.model, tokens, estimated, cache_write_1h } = tally;
    const used = { tokens, estimated, cache_write_1h };
    return (closed ??= call.record({ provider, provider_model, outcome, ...used, attempts, failure }));
  };
  try {
    for await (const batch of stream) {
      tally.add(batch);
      if (tally.ended) await close('completed');
      yield batch;
    }
  } catch (error) {
    if (!signal.aborted) await close('interrupted', codeOf(error));
    throw error;
  } finally {
    await close(signal.aborted ? 'cancelled' : 'interrupted');
  }
}
