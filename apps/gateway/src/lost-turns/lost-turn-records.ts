import { Injectable } from '@nestjs/common';
import {
  noTokens,
  turnRecordId,
  type ErrorCode,
  type EventOf,
  type LostUsage,
  type turnInterrupted,
  type TurnUsage,
  type UsageRecord,
} from '@parley/contracts';
import { ModelRouter } from '@parley/llm';
import { TenantRoutes } from '../model-routes/tenant-routes.js';
import { TenantPrices } from '../prices/tenant-prices.js';
import { costOf, storableModel } from '../usage/call-records.js';

const cancelled = { outcome: 'cancelled' } as const;
const interrupted = { outcome: 'interrupted', failure: 'turn.interrupted' satisfies ErrorCode } as const;

/** Makes the records of turns whose gateway was lost before it could. */
@Injectable()
export class LostTurnRecords {
  constructor(
    private readonly prices: TenantPrices,
    private readonly routes: TenantRoutes,
    private readonly models: ModelRouter,
  ) {}

  /** As the lost gateway would have made it with what it had told last. */
  async make({ tenantId, time, data }: EventOf<typeof turnInterrupted>, usage: LostUsage): Promise<UsageRecord> {
    const { input_tokens, counted, ...asked } = usage;
    const { asked: askedModel, ...used } = counted ?? (await this.guessed(tenantId, data.model, input_tokens));
    const prices = await this.prices.of(tenantId);
    return {
      id: turnRecordId(data.turn_id),
      occurred_at: time.toISOString(),
      ...asked,
      model: data.model,
      duration_ms: data.duration_ms,
      session_id: data.session_id,
      ...(data.project_id !== null && { project_id: data.project_id }),
      ...(data.reason === 'cancelled' ? cancelled : interrupted),
      estimated: true,
      ...used,
      provider_model: storableModel(used.provider_model),
      ...costOf(prices.at(time.getTime()), used, askedModel),
    };
  }

  /** For a turn whose gateway never told who answers: whoever would be asked first, for nothing but the question. */
  private async guessed(tenantId: string, model: string, input: number): Promise<TurnUsage> {
    const route = await this.routes.find(tenantId, model);
    const named = route?.targets[0]?.model ?? model;
    const found = await this.models.find(named).catch(() => ({ provider: 'unknown', model: named }));
    return {
      provider: found.provider,
      asked: found.model,
      provider_model: found.model,
      attempts: 1,
      tokens: { ...noTokens, input },
    };
  }
}
