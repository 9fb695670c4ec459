import { Injectable } from '@nestjs/common';
import { LocalCache } from '@parley/cache';
import { AppError, circleModel, listModels, type Identity } from '@parley/contracts';
import { ServiceClient } from '@parley/service-client';
import { Clock } from '@parley/service-kit';
import { Circle } from '../circle/circle.js';
import type { ExpertDefinition } from '../circle/expert-file.js';
import { AskingOptions } from './asking.options.js';

/** How old the first model of the gateway's list may be. */
const ttlMs = 60_000;
const maxTenants = 1_000;

/** An expert with the model that it answers with. */
export interface EquippedExpert extends ExpertDefinition {
  readonly model: string;
}

/** Which model each expert answers with. */
@Injectable()
export class Models {
  private readonly firsts: LocalCache<string>;

  constructor(
    private readonly circle: Circle,
    private readonly client: ServiceClient,
    private readonly options: AskingOptions,
    clock: Clock,
  ) {
    this.firsts = new LocalCache({ name: 'first-model', maxEntries: maxTenants, ttlMs, clock });
  }

  /**
   * The circle, each expert with its own model, else the question's, else the configured one, else the first that the
   * caller's key may ask, or that the gateway lists. @throws AppError model.not_allowed where the key may not ask the model
   * of one of them, model.not_found, and what the gateway says of its list.
   */
  async equip(caller: Identity, token: string, wanted: string | undefined): Promise<EquippedExpert[]> {
    const { tenantId, models } = caller;
    const first = () => firstOf(models) ?? this.firsts.getOrLoad(tenantId, () => this.first(token));
    const given = wanted ?? this.options.model;
    const experts = await Promise.all(
      this.circle.experts.map(async (expert) => ({ ...expert, model: expert.model ?? given ?? (await first()) })),
    );
    for (const { name, model } of experts)
      if (models && !models.has(model))
        throw new AppError('model.not_allowed', {
          detail: `${name} answers with "${model}", which the key may not ask`,
        });
    return experts;
  }

  private async first(token: string): Promise<string> {
    const { data } = await this.client.call(listModels, { token });
    const model = data.find(({ id }) => id !== circleModel);
    if (!model) throw new AppError('model.not_found', { detail: 'The gateway lists no model that experts could use' });
    return model.id;
  }
}

/** @throws AppError model.not_allowed for a key that may ask the circle alone. */
function firstOf(models: Identity['models']): string | undefined {
  if (!models) return undefined;
  const model = [...models].find((id) => id !== circleModel);
  if (model === undefined)
    throw new AppError('model.not_allowed', { detail: 'The key may ask no model that experts could answer with' });
  return model;
}
