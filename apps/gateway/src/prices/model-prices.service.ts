import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  maxDailyPriceVersions,
  maxScheduledPriceVersions,
  storedPosition,
  toPage,
  type EffectivePrices,
  type Identity,
  type NewPriceVersion,
  type PriceVersion,
  type PriceVersionList,
  type PriceVersionQuery,
} from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { v7 as uuid } from 'uuid';
import { SettingsChanges } from '../tenant-settings/settings-changes.js';
import {
  dayMs,
  PriceVersionsRepository,
  type PriceVersionCounts,
  type StoredPriceVersion,
} from './price-versions.repository.js';
import { TenantPrices } from './tenant-prices.js';

/** What calls of a tenant cost, and its own versions of that. */
@Injectable()
export class ModelPricesService {
  constructor(
    private readonly prices: TenantPrices,
    private readonly versions: PriceVersionsRepository,
    private readonly changes: SettingsChanges,
    private readonly clock: Clock,
  ) {}

  async effective({ tenantId }: Identity): Promise<EffectivePrices> {
    const prices = await this.prices.of(tenantId);
    return { data: prices.at(this.clock.now()).prices };
  }

  /** @throws AppError request.invalid for a moment that has passed, price_version.too_many, price_version.too_often */
  async create({ tenantId, subject }: Identity, asked: NewPriceVersion): Promise<PriceVersion> {
    const now = new Date(this.clock.now());
    const effectiveFrom = asked.effective_from === undefined ? now : new Date(asked.effective_from);
    // What has been reckoned is not reckoned anew.
    if (effectiveFrom < now)
      throw new AppError('request.invalid', {
        fields: [{ path: 'effective_from', message: 'must not be in the past' }],
      });
    const { source, models } = asked;
    const version = { id: uuid(), effectiveFrom, source, models, createdAt: now, createdBy: subject };
    await this.versions.inTenant(tenantId, async (tx) => {
      demandRoom(await this.versions.lockCounts(tx, tenantId, now), version);
      await this.versions.add(tx, tenantId, version);
      await this.changes.announce(tx, tenantId, 'prices');
    });
    return toPriceVersion(version);
  }

  async list({ tenantId }: Identity, { limit, cursor }: PriceVersionQuery): Promise<PriceVersionList> {
    const after = cursor === undefined ? undefined : decodeCursor(storedPosition, cursor);
    const rows = await this.versions.inTenant(tenantId, (tx) => this.versions.list(tx, tenantId, limit + 1, after));
    const page = toPage(rows, limit, ({ effectiveFrom, id }) => [effectiveFrom.toISOString(), id]);
    return { ...page, data: page.data.map(toPriceVersion) };
  }
}

/** @throws AppError price_version.too_many, price_version.too_often */
function demandRoom(
  { scheduled, ofDay, dayBegan }: PriceVersionCounts,
  { effectiveFrom, createdAt }: Pick<StoredPriceVersion, 'effectiveFrom' | 'createdAt'>,
): void {
  if (effectiveFrom > createdAt && scheduled >= maxScheduledPriceVersions) throw new AppError('price_version.too_many');
  if (ofDay < maxDailyPriceVersions) return;
  const retryAfterMs = (dayBegan ?? createdAt).getTime() + dayMs - createdAt.getTime();
  throw new AppError('price_version.too_often', { retryAfterMs });
}

const toPriceVersion = ({
  id,
  effectiveFrom,
  source,
  models,
  createdAt,
  createdBy,
}: StoredPriceVersion): PriceVersion => ({
  version: id,
  source,
  effective_from: effectiveFrom.toISOString(),
  created_at: createdAt.toISOString(),
  created_by: createdBy,
  models,
});
