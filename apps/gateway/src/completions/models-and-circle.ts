import { Injectable } from '@nestjs/common';
import { circleModel } from '@parley/contracts';
import { CircleService } from '../circle/circle.service.js';
import { holding } from '../call-limits/holding.js';
import { demandAllowed } from '../key-bounds/allowed-models.js';
import type { Answer, Answering, Ask, PricedCompletion } from './answering.js';
import { CompletionsService } from './completions.service.js';

/** Whoever has the name that the request asks for. */
@Injectable()
export class ModelsAndCircle implements Answering {
  constructor(
    private readonly models: CompletionsService,
    private readonly circle: CircleService,
  ) {}

  async complete(ask: Ask): Promise<PricedCompletion> {
    return this.named(ask).complete(ask);
  }

  async stream(ask: Ask): Promise<Answer> {
    const answer = await this.named(ask).stream(ask);
    return ask.lease ? { ...answer, stream: holding(ask.lease, answer.stream) } : answer;
  }

  /** @throws AppError model.not_allowed */
  private named({ caller, request }: Ask): Answering {
    demandAllowed(caller, request.model);
    return request.model === circleModel ? this.circle : this.models;
  }
}
