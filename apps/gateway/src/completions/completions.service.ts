import { Injectable } from '@nestjs/common';
import type { StreamBatch, UsageRecord } from '@parley/contracts';
import { ModelRouter, StreamTally, type Caller, type Served } from '@parley/llm';
import { currentRequest } from '@parley/service-kit';
import { CacheRates } from '../model-routes/cache-rates.js';
import type { TenantRoute } from '../model-routes/model-route.js';
import { TenantRoutes } from '../model-routes/tenant-routes.js';
import { CallRecords, endOf, usedBy, type CallEnd, type OpenCall } from '../usage/call-records.js';
import { failureCode, LostCalls } from '../usage/lost-calls.js';
import type { Answer, Answering, Ask, PricedCompletion } from './answering.js';

/** A call, and the route that the name of its model is, where it is one. */
interface Opened {
  readonly call: OpenCall;
  readonly route?: TenantRoute;
}

/** Asks models, and lets no answer end before its usage is on record. */
@Injectable()
export class CompletionsService implements Answering {
  constructor(
    private readonly models: ModelRouter,
    private readonly records: CallRecords,
    private readonly routes: TenantRoutes,
    private readonly rates: CacheRates,
  ) {}

  async complete(ask: Ask): Promise<PricedCompletion> {
    const { call, route } = await this.open(ask);
    const lost = new LostCalls(call, ask);
    const served = await lost.during(() => this.models.complete(ask.request, callerOf(ask, lost, route)));
    ask.onServed?.(served);
    const { completion } = served;
    const end = { ...endOf(served, completion, 'completed'), id: ask.recordId };
    const [cost] = await Promise.all([call.record(end), lost.kept()]);
    ask.onRecorded?.({ tokens: completion.tokens, cost });
    return { ...completion, cost };
  }

  /** Resolves when the answer has begun; until then every failure is thrown here. */
  async stream(ask: Ask): Promise<Answer> {
    const { call, route } = await this.open(ask);
    const lost = new LostCalls(call, ask);
    const served = await lost.during(() => this.models.stream(ask.request, callerOf(ask, lost, route)));
    ask.onServed?.(served);
    const tally = new StreamTally(ask.request);
    const stream = awaited(call, recorded(ask, served, { call, lost, tally }));
    return { ...served, stream, used: () => usedBy(served, tally) };
  }

  private async open({ caller, dialect, request: { model, stream: streamed }, purpose }: Ask): Promise<Opened> {
    const [call, route] = await Promise.all([
      this.records.open({ caller, dialect, model, streamed, purpose }),
      this.routes.find(caller.tenantId, model),
    ]);
    return route ? { call: this.rates.counting(caller.tenantId, route, call), route } : { call };
  }
}

/** How long and for whom the answer matters, and who keeps account of what was done in vain. */
const callerOf = ({ signal, hedgeAfterMs }: Ask, lost: LostCalls, route?: TenantRoute): Caller => ({
  signal,
  deadline: currentRequest()?.deadline,
  route,
  hedgeAfterMs: hedgeAfterMs ?? route?.hedgeAfterMs ?? undefined,
  onLost: lost.add,
});

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

type Source = Served & { stream: AsyncIterable<StreamBatch> };

interface Accounts {
  readonly call: OpenCall;
  readonly lost: LostCalls;
  readonly tally: StreamTally;
}

/** Holds back the batch that ends the answer until the record is committed; an answer that is left or cut off has one too. */
async function* recorded(
  { signal, recordId: id, onRecorded }: Ask,
  served: Source,
  { call, lost, tally }: Accounts,
): AsyncGenerator<StreamBatch, void, void> {
  let closed: Promise<unknown> | undefined;
  /** The first end counts. */
  const close = (outcome: UsageRecord['outcome'], failure?: string) =>
    (closed ??= Promise.all([record({ ...endOf(served, tally, outcome, failure), id }), lost.kept()]));
  const record = async (end: CallEnd) => {
    const cost = await call.record(end);
    onRecorded?.({ tokens: end.tokens, cost });
  };
  try {
    for await (const batch of served.stream) {
      tally.add(batch);
      if (tally.ended) await close('completed');
      yield batch;
    }
  } catch (error) {
    if (!signal.aborted) await close('interrupted', failureCode(error));
    throw error;
  } finally {
    await close(signal.aborted ? 'cancelled' : 'interrupted');
  }
}
