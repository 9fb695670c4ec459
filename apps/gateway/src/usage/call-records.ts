import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  modelName,
  type Identity,
  type TurnUsage,
  type UsageRecord,
  type VendorName,
} from '@parley/contracts';
import { CallerLimits } from '@parley/limits';
import type { PriceTable, Server } from '@parley/llm';
import { Clock, currentRequest } from '@parley/service-kit';
import { usedTokens } from '../call-limits/used-tokens.js';
import { TenantPrices } from '../prices/tenant-prices.js';
import { UsageWriter } from './usage-writer.js';

/** A caller’s call, whoever answers it. */
export interface Call {
  readonly caller: Identity;
  readonly dialect: VendorName;
  /** As the caller named it. */
  readonly model: string;
  readonly streamed: boolean;
  readonly purpose?: Pick<UsageRecord, 'session_id' | 'project_id' | 'expert_query_id'> | undefined;
}

/** How a call ended, or what one provider did for it in vain. */
export type CallEnd = Pick<UsageRecord, 'provider' | 'provider_model' | 'outcome' | 'tokens' | 'estimated'> &
  Partial<Pick<UsageRecord, 'cache_write_1h' | 'service_tier' | 'attempts' | 'failure'>> & {
    /** Of the record, where it is decided already: a record that is there stays as it is. */
    readonly id?: string | undefined;
    /** The provider’s name for the model that it was asked for, which may have a price where the one of its answer has none. */
    readonly asked?: string | undefined;
  };

/** What an answer tells of itself. */
type Told = Pick<UsageRecord, 'tokens' | 'estimated' | 'cache_write_1h'> & {
  /** As the provider names it. */
  readonly model: string | undefined;
  readonly tier?: string | undefined;
};

/** What an answer has used, whole or so far. */
export const usedBy = (
  { provider, model: asked, attempts }: Server,
  { model: provider_model = asked, tokens, cache_write_1h, tier: service_tier }: Told,
): TurnUsage => ({ provider, asked, provider_model, attempts, tokens, cache_write_1h, service_tier });

/** How a call ended to which somebody gave an answer, whole or in part. */
export const endOf = (server: Server, told: Told, outcome: UsageRecord['outcome'], failure?: string): CallEnd => ({
  ...usedBy(server, told),
  outcome,
  estimated: told.estimated,
  failure,
});

/** A call whose record is still to come. */
export interface OpenCall {
  /** Puts an end on record and charges the caller with it; after the commit it says what that cost, where it is known. */
  record(end: CallEnd): Promise<string | undefined>;
  /** The drain waits until the function that this returns is called. */
  hold(): () => void;
}

/** The way of every call to a provider onto the record. */
@Injectable()
export class CallRecords {
  constructor(
    private readonly usage: UsageWriter,
    private readonly limits: CallerLimits,
    private readonly prices: TenantPrices,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins a call.
   * @throws AppError service.unavailable before a provider is paid for a call that could not be recorded, or not priced.
   */
  async open(call: Call): Promise<OpenCall> {
    if (!this.usage.available)
      throw new AppError('service.unavailable', { internal: 'usage cannot be recorded', retryAfterMs: 1_000 });
    const startedAt = this.clock.now();
    await this.prices.of(call.caller.tenantId);
    return {
      record: (end) => this.record(call, startedAt, end),
      hold: () => this.usage.begin(),
    };
  }

  private async record(call: Call, startedAt: number, { id, asked, ...end }: CallEnd): Promise<string | undefined> {
    const { caller, dialect, model, streamed, purpose } = call;
    const now = this.clock.now();
    const charged = this.limits.chargeTokens(caller, usedTokens(end.tokens));
    const prices = await this.prices.of(caller.tenantId);
    const cost = costOf(prices.at(now), end, asked);
    await this.usage.write(caller.tenantId, {
      id: id ?? timeOrderedId(now),
      occurred_at: new Date(now).toISOString(),
      request_id: currentRequest()?.requestId ?? '',
      subject: caller.subject,
      api_key_id: caller.keyId ?? null,
      dialect,
      model,
      streamed,
      duration_ms: Math.max(0, Math.round(now - startedAt)),
      ...purpose,
      ...end,
      provider_model: storableModel(end.provider_model),
      ...cost,
    });
    await charged;
    return cost?.cost_usd;
  }
}

/** A provider’s name for a model that is no name is not kept. */
export const storableModel = (name: string): string => modelName.safeParse(name).data ?? 'unknown';

/** By the prices that hold when the call ends. Where nothing was used nothing is paid, whatever the price. */
export function costOf(
  prices: PriceTable,
  { provider, provider_model, tokens, cache_write_1h, service_tier: tier }: Omit<CallEnd, 'outcome' | 'estimated'>,
  asked = provider_model,
): Pick<UsageRecord, 'cost_usd' | 'price_version'> | undefined {
  if (usedTokens(tokens) === 0) return { cost_usd: '0' };
  const cost = prices.costOf({ provider, models: [provider_model, asked], tier }, { tokens, cache_write_1h });
  return cost && { cost_usd: cost.usd, price_version: cost.version };
}

/**
 * A UUID of version 7 (RFC 9562 §5.7): the time, then what is random in one of version 4, whose bytes Node draws in
 * advance. Node's own `randomUUIDv7` came with 24.16.
 */
function timeOrderedId(now: number): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
