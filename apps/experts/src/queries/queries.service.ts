import { Injectable } from '@nestjs/common';
import { AppError, type ExpertQuery, type ExpertQuestion, type Identity, type Permission } from '@parley/contracts';
import { Models } from '../asking/models.js';
import { Places } from '../asking/places.js';
import { QueryArchive } from './query-archive.js';
import { QueryRuns } from './query-runs.js';
import { QueryStore } from './query-store.js';
import { sessionOf } from './query.js';

/** What comes along with a question. */
export interface Accompanying {
  /** The caller's own, with which the experts ask the gateway. */
  readonly token: string;
  readonly idempotencyKey: string | undefined;
  /** The session that asks, where one does, to be passed on. */
  readonly askedIn: string | undefined;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/** What the gateway will ask of the token: without it nobody needs to be asked. */
const alsoNeeded: Permission = 'completions:create';

@Injectable()
export class QueriesService {
  constructor(
    private readonly models: Models,
    private readonly places: Places,
    private readonly store: QueryStore,
    private readonly runs: QueryRuns,
    private readonly archive: QueryArchive,
  ) {}

  /**
   * Asks the circle, or answers the query that the key names, as it is. Nothing is stored before it is clear that the
   * experts can be asked, and nobody is asked before the query is stored.
   * @throws AppError request.forbidden, idempotency_key.reused, service.overloaded, model.not_found, circle.failed.
   */
  async ask(caller: Identity, question: ExpertQuestion, along: Accompanying): Promise<ExpertQuery> {
    if (!caller.permissions.has(alsoNeeded))
      throw new AppError('request.forbidden', { detail: `This needs the permission ${alsoNeeded} too` });
    const { idempotencyKey: key } = along;
    const known = key === undefined ? undefined : await this.store.named(caller, question, key);
    if (known) return this.archive.get(caller, known.id);
    const leave = this.places.take();
    try {
      return await this.askAnew(caller, question, along);
    } finally {
      leave();
    }
  }

  private async askAnew(caller: Identity, question: ExpertQuestion, along: Accompanying): Promise<ExpertQuery> {
    const { token, signal, askedIn, idempotencyKey } = along;
    const experts = await this.models.equip(caller, token, question.model);
    signal.throwIfAborted();
    const { query, fresh } = await this.store.begin(caller, question, {
      idempotencyKey,
      sessionId: sessionOf(askedIn),
    });
    if (!fresh) return this.archive.get(caller, query.id);
    return this.runs.run(caller, query, {
      queryId: query.id,
      question: query.question,
      options: query.options,
      experts,
      token,
      askedIn,
      signal,
    });
  }
}
