import { Injectable } from '@nestjs/common';
import { circleModel, type Identity } from '@parley/contracts';
import { cannotEmbed, ModelRouter, type EmbeddingRequest, type Embeddings, type Server } from '@parley/llm';
import { currentRequest } from '@parley/service-kit';
import { demandAllowed } from '../key-bounds/allowed-models.js';
import { TenantRoutes } from '../model-routes/tenant-routes.js';
import { CallRecords, endOf } from '../usage/call-records.js';
import { LostCalls } from '../usage/lost-calls.js';

/** Embeddings, who made them, and what they cost where the price is known. */
export interface MadeEmbeddings {
  readonly embeddings: Embeddings;
  readonly server: Server;
  readonly cost: string | undefined;
}

/** Has models make embeddings, and lets no answer out before its usage is on record. */
@Injectable()
export class EmbeddingsService {
  constructor(
    private readonly models: ModelRouter,
    private readonly records: CallRecords,
    private readonly routes: TenantRoutes,
  ) {}

  /** @throws AppError model.not_allowed, model.cannot_embed, provider.* */
  async create(caller: Identity, request: EmbeddingRequest, signal: AbortSignal): Promise<MadeEmbeddings> {
    const { model: named } = request;
    demandAllowed(caller, named);
    if (named === circleModel) throw cannotEmbed(named);
    const [call, route] = await Promise.all([
      this.records.open({ caller, dialect: 'openai', model: named, streamed: false }),
      this.routes.find(caller.tenantId, named),
    ]);
    const lost = new LostCalls(call, { signal });
    const asker = { signal, deadline: currentRequest()?.deadline, route, onLost: lost.add };
    const { embeddings, ...server } = await lost.during(() => this.models.embed(request, asker));
    const [cost] = await Promise.all([call.record(endOf(server, embeddings, 'completed')), lost.kept()]);
    return { embeddings, server, cost };
  }
}
