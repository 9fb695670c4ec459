import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError, type ExpertAnswer, type ExpertQuery, type Identity } from '@parley/contracts';
import { Shutdown } from '@parley/service-kit';
import { ExpertCalls, type Asking } from '../asking/expert-calls.js';
import { Leases } from './leases.js';
import { conclude, failureOf, toExpertQuery, type StoredQuery } from './query.js';
import { QueryStore } from './query-store.js';

/** Runs queries: every expert at the same time, each answer stored as it comes, then the end. */
@Injectable()
export class QueryRuns implements OnModuleInit {
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly calls: ExpertCalls,
    private readonly store: QueryStore,
    private readonly leases: Leases,
    private readonly shutdown: Shutdown,
  ) {}

  onModuleInit(): void {
    // The callers are gone by then: what is left is to write down that they were interrupted.
    this.shutdown.register('work', async () => {
      await Promise.allSettled(this.running);
    });
  }

  /**
   * A query that cannot be brought to its end, because the caller or the database has gone, is interrupted.
   * @throws AppError circle.failed, or what `failureOf` says, when no expert gave an answer.
   */
  run(caller: Identity, query: StoredQuery, asking: Asking): Promise<ExpertQuery> {
    const run = this.toTheEnd(caller, query, asking).finally(() => this.running.delete(run));
    this.running.add(run);
    return run;
  }

  private async toTheEnd(caller: Identity, query: StoredQuery, asking: Asking): Promise<ExpertQuery> {
    const lost = new AbortController();
    const letGo = this.leases.keep({ tenantId: caller.tenantId, id: query.id }, () =>
      lost.abort(new AppError('service.unavailable', { internal: 'the lease of the query was lost' })),
    );
    const signal = AbortSignal.any([asking.signal, lost.signal]);
    let ended: { readonly query: StoredQuery; readonly answers: readonly ExpertAnswer[] };
    try {
      const answers = await this.answers(caller, { ...asking, signal });
      const conclusion = conclude(answers, query.options !== null);
      ended = { query: await this.store.finish(caller, query, conclusion, answers.length), answers };
    } catch (error) {
      await this.store.interrupt(caller, query.id);
      throw error;
    } finally {
      letGo();
    }
    if (ended.query.status === 'failed') throw failureOf(query.id, ended.answers);
    return toExpertQuery(ended.query, ended.answers);
  }

  /** All of them are over when this resolves or rejects, so that none is stored after the end. */
  private async answers(caller: Identity, asking: Asking): Promise<ExpertAnswer[]> {
    const asked = asking.experts.map(async (expert, position) => {
      const answer = await this.calls.ask(expert, asking);
      await this.store.addAnswer(caller, asking.queryId, position, answer);
      return answer;
    });
    await Promise.allSettled(asked);
    return Promise.all(asked);
  }
}
