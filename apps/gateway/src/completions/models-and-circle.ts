import { Injectable } from '@nestjs/common';
import { circleModel, type Completion } from '@parley/contracts';
import { CircleService } from '../circle/circle.service.js';
import type { Answer, Answering, Ask } from './answering.js';
import { CompletionsService } from './completions.service.js';

/** Whoever has the name that the request asks for. */
@Injectable()
export class ModelsAndCircle implements Answering {
  constructor(
    private readonly models: CompletionsService,
    private readonly circle: CircleService,
  ) {}

  complete(ask: Ask): Promise<Completion> {
    return this.named(ask).complete(ask);
  }

  stream(ask: Ask): Promise<Answer> {
    return this.named(ask).stream(ask);
  }

  private named({ request }: Ask): Answering {
    return request.model === circleModel ? this.circle : this.models;
  }
}
