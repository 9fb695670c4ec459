import { Injectable } from '@nestjs/common';
import { circleModel } from '@parley/contracts';
import { ModelRouter, type OfferedModel } from '@parley/llm';

/** The circle of experts, which is asked as a model is. */
const circle: OfferedModel = {
  id: circleModel,
  displayName: 'The circle of experts',
  createdAt: new Date('2026-11-21T00:00:00Z'),
  ownedBy: 'parley',
  provider: 'parley',
};

/** What can be named as a model: those of the providers, and after them the circle. */
@Injectable()
export class ModelsService {
  constructor(private readonly router: ModelRouter) {}

  /** @throws AppError when no provider's list could be read. */
  async list(): Promise<OfferedModel[]> {
    return [...(await this.router.list()), circle];
  }

  /** @throws AppError model.not_found */
  async get(id: string): Promise<OfferedModel> {
    return id === circle.id ? circle : this.router.get(id);
  }
}
